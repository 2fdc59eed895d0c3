/** Asking to be called: why, in one's own words, to which number and when. Three presses when nothing is written. */
import { useContext, useEffect } from "preact/hooks";
import { t, tn } from "../../i18n";
import { navigate } from "../../router";
import { type OutboxItem, StoreError } from "../../state/api";
import { Button, Card, ChromeContext, Chips, Field, Form, LinkButton, Notice, Page, TextArea, fieldErrors, refusalWords, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { useChild } from "./child";
import { Missing } from "./fetching";
import { RequestState, callWords, useOpenRequest } from "./hero";
import { first } from "./words";

/** Where a wish to be called that was not sent is changed. */
export const formOf = ({ name }: OutboxItem): string | undefined => (name === "contact.request" ? "/coordinator/call" : undefined);

const REASONS = () => [
  { value: "worried", label: t("I am worried") },
  { value: "worse", label: t("It has become worse") },
  { value: "school", label: t("School") },
  { value: "meeting", label: t("A meeting") },
  { value: "waiting", label: t("The wait") },
  { value: "question", label: t("A question") },
  { value: "other", label: t("Something else") },
];
const TIMES = () => [
  { value: "morning", label: t("Morning") },
  { value: "midday", label: t("Midday") },
  { value: "afternoon", label: t("Afternoon") },
  { value: "evening", label: t("Evening") },
];

interface Asked { reason: string | null; good_times: string[]; text: string; callback_phone: string }

/** The form. `from` is an unsent wish to change; `reason` one to begin with. */
export function ContactForm({ child, name, days, from, reason }: { child: string; name: string; days: number; from?: string | null; reason?: string | null }) {
  const app = useApp();
  const { openHelp } = useContext(ChromeContext);
  const item = from ? app.outbox.value.find((one) => one.id === from) : undefined;
  const leaves = { draft: `contact.request:${from ?? child}` };
  const before = (item?.args ?? {}) as Partial<Asked>;
  const form = useForm<Asked>(
    { reason: before.reason ?? reason ?? null, good_times: before.good_times ?? [], text: before.text ?? "", callback_phone: before.callback_phone ?? "" },
    (values) => ({
      reason: values.reason ? undefined : t("Choose what it is about"),
      text: values.text.length > 500 ? t("Write a shorter text") : undefined,
      callback_phone: values.callback_phone && values.callback_phone.replace(/\D/g, "").length < 8 ? t("Write the whole number, with the area code") : undefined,
    }),
    async ({ reason: why, good_times, text, callback_phone }) => {
      const args = {
        child, reason: why, ...(text.trim() ? { text: text.trim() } : {}), ...(good_times.length ? { good_times } : {}),
        ...(callback_phone.trim() ? { callback_phone: callback_phone.trim() } : {}),
      };
      try {
        await (item ? app.retry(item.id, args, leaves) : app.send("contact.request", args, leaves));
        navigate("/", { replace: true });
      } catch (error) {
        form.fail({ reason: refusalWords(error instanceof StoreError ? error.code : "") });
      }
    },
    leaves.draft,
  );
  useEffect(() => {
    if (item?.fields) form.fail(fieldErrors(item.fields));
  }, [item?.id]);
  return (
    <Form form={form} label={t("Ask {name} to call you", { name })}>
      <Chips id={form.ids.reason} label={t("What is it about?")} options={REASONS()} values={form.values.reason ? [form.values.reason] : []} onChange={([value]) => form.set("reason", value ?? null)} />
      {form.values.reason === "worse" && (
        <Notice tone="warn" icon="help" title={t("Is it urgent?")}>
          <span>{t("Do not wait for a call. There are numbers that answer now.")}</span>
          <Button slim kind="second" icon="help" onPress={openHelp}>{t("Help now")}</Button>
        </Notice>
      )}
      <Chips label={t("When suits you best?")} several options={TIMES()} values={form.values.good_times} onChange={(values) => form.set("good_times", values)} />
      <TextArea
        id={form.ids.text} label={t("Your own words")} optional rows={3} max={500} guard value={form.values.text} error={form.errors.text}
        onInput={(value) => form.set("text", value)}
      />
      <Field
        id={form.ids.callback_phone} label={t("Number to call")} optional type="tel" autocomplete="tel" inputMode="tel" icon="phone"
        value={form.values.callback_phone} error={form.errors.callback_phone} onInput={(value) => form.set("callback_phone", value)}
      />
      <Button type="submit" kind="primary" block icon="phone">{t("Ask {name} to call you", { name })}</Button>
      <p class="sm muted centre">{tn("You get an answer within {n} working day.", "You get an answer within {n} working days.", days)}</p>
    </Form>
  );
}

/** The form as a page of its own; in its place what has been asked already, also while that has not left the device. */
export function ContactPage({ query }: ViewProps) {
  const app = useApp();
  const from = query.get("from");
  const item = app.outbox.value.find((one) => one.id === from);
  const { child, coordinator } = useChild(item?.args["child"] as string | undefined);
  const open = useOpenRequest(child?.id);
  if (!child || !coordinator || child.last_word) return <Missing />;
  const name = first(coordinator.name) || coordinator.unit_name;
  const title = coordinator.name ? t("Ask {name} to call you", { name }) : t("Ask to be called");
  return (
    <Page title={title} back={{ href: "/", label: t("Home") }}>
      {open && !from && <Notice icon="clock" title={callWords(open, coordinator)}><span>{t("You have asked already. Write if there is more to say.")}</span><LinkButton slim icon="message" href="/coordinator/messages">{t("Write to {name}", { name })}</LinkButton></Notice>}
      {!from && (open || app.about(child.id).value.some((one) => one.name === "contact.request"))
        ? <RequestState child={child} coordinator={coordinator} request={open} />
        : <Card><ContactForm child={child.id} name={name} days={coordinator.promise_days} from={from} reason={query.get("reason")} /></Card>}
    </Page>
  );
}
