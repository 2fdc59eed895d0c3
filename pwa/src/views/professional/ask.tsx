/** Asking another unit's function to get in touch: about no child, with a day by which they answer. */
import { useState } from "preact/hooks";
import { dateOf, daysBetween, today } from "../../dates";
import { t } from "../../i18n";
import type { OutboxItem } from "../../state/api";
import { Button, CallButton, Card, Chips, Columns, Field, Form, LinkButton, Notice, OutboxNotice, Page, Phone, TextArea, phoneText, useApp, useForm } from "../../ui";
import type { ViewProps } from "../roles";
import { Missing, useDoing, useSelf } from "../staff/kit";
import type { ContactRequest } from "../staff/model";
import { MOST_LETTERS, useGuard, useOwnNames } from "../staff/question";
import { reasonWords } from "../staff/words";
import { AskedCard } from "./asked";
import type { FunctionContact } from "./model";
import { functionName } from "./words";

const REASONS = ["question", "advice", "handover", "collaboration", "other"];
const TIMES = ["morning", "midday", "afternoon"];
const timeWords = (time: string): string => (time === "morning" ? t("Morning") : time === "midday" ? t("Midday") : t("Afternoon"));

/** An answer is shown in place of the form this many days. */
const FRESH_DAYS = 7;

/** My latest question to this function that is open or has just been answered. */
function useLatest(one: FunctionContact | undefined): ContactRequest | undefined {
  const now = today();
  return useApp().all<ContactRequest>("contact_request").value
    .filter((ask) => !ask.asked_by && !ask.child && ask.unit === one?.unit && ask.function === one?.function)
    .filter((ask) => ask.state === "open" || (ask.answered_at !== undefined && daysBetween(dateOf(ask.answered_at), now) <= FRESH_DAYS))
    .sort((x, y) => (x.asked_at > y.asked_at ? -1 : 1))[0];
}

export function AskFunction({ params }: ViewProps) {
  const one = useApp().one<FunctionContact>("function_contact", params["id"] ?? "").value;
  const latest = useLatest(one);
  const [another, setAnother] = useState(false);
  if (!one) return <Missing home="/contacts" />;
  const back = { href: `/functions/${one.id}`, label: functionName(one.function) };
  if (!latest || (another && latest.state !== "open")) return <Ask one={one} back={back} />;
  return (
    <Page title={t("What you asked")} kicker={`${functionName(one.function)}, ${one.unit_name}`} back={back}>
      <AskedCard ask={latest} />
      {latest.state !== "open" && <Button block icon="message" onPress={() => setAnother(true)}>{t("Ask something else")}</Button>}
    </Page>
  );
}

interface Asked { reason: string; text: string; callback_phone: string; good_times: string[] }

function Ask({ one, back }: { one: FunctionContact; back: { href: string; label: string } }) {
  const app = useApp();
  const self = useSelf();
  const { run, said, clear } = useDoing();
  const [nobody, setNobody] = useState(false);
  const form = useForm<Asked>(
    { reason: "question", text: "", callback_phone: phoneText(self?.phone ?? ""), good_times: [] },
    (v) => ({ text: !v.text.trim() ? t("Write what it is about") : v.text.length > MOST_LETTERS && t("Write a shorter text") }),
    async (v): Promise<void> => {
      const done = await run("contact.request", {
        unit: one.unit, function: one.function, reason: v.reason, text: v.text.trim(), callback_phone: v.callback_phone.trim(), ...(v.good_times.length > 0 ? { good_times: v.good_times } : {}), confirmed: guard.confirmed,
      }, form);
      if (done.state !== "refused") return;
      if (done.code === "identifying_text") {
        clear();
        guard.refused(done.data);
      } else if (done.fields["function"]) {
        clear();
        form.fail({});
        setNobody(true);
      }
    },
  );
  const own = useOwnNames();
  const guard = useGuard(form.values.text, (text) => form.set("text", text), [...own, ...(one.name ? [one.name, ...one.name.split(" ")] : [])]);
  const unsent = app.outbox.value.filter((item) => item.name === "contact.request" && item.args["unit"] === one.unit && item.args["function"] === one.function);
  const change = (item: OutboxItem): void => {
    const { reason, text, callback_phone, good_times } = item.args as Partial<Asked>;
    form.takeBack(item, { reason: reason ?? "question", text: text ?? "", callback_phone: callback_phone ?? "", good_times: good_times ?? [] });
  };
  const v = form.values;
  return (
    <Page title={t("Ask them to get in touch")} kicker={`${functionName(one.function)}, ${one.unit_name}`} lead={t("They answer by a day that both of you see. Write nothing that tells who a child is.")} back={back}>
      {unsent.map((item) => <OutboxNotice key={item.id} item={item} what={t("{what}: “{words}”", { what: reasonWords(String(item.args["reason"])), words: String(item.args["text"] ?? "") })} onEdit={change} />)}
      {nobody && (
        <Notice tone="warn" icon="phone" alert title={t("Nobody there answers in Samled yet")}>
          <span>{t("Call instead. What you wrote is kept here.")}</span>
          {one.phone && <div class="btns tight"><CallButton slim kind="primary" number={one.phone}><Phone number={one.phone} /></CallButton></div>}
        </Notice>
      )}
      {unsent.length === 0 && (
        <Form form={form} label={t("Ask them to get in touch")}>
          <Columns
            half
            left={<Card>
              <Chips label={t("What is it about?")} values={[v.reason]} onChange={([x]) => x && form.set("reason", x)} options={REASONS.map((value) => ({ value, label: reasonWords(value) }))} />
              <TextArea label={t("Your question")} hint={t("Write without name, school or personal identity number. What is rare can also tell who it is.")} max={MOST_LETTERS} {...form.of("text")} />
              {guard.shown}
            </Card>}
            right={<>
              <Card>
                <Field label={t("Your number")} type="tel" optional {...form.of("callback_phone")} />
                <Chips label={t("When is it best?")} several values={v.good_times} onChange={(x) => form.set("good_times", x)} options={TIMES.map((value) => ({ value, label: timeWords(value) }))} />
              </Card>
              {said}
              <Button type="submit" kind="primary" block disabled={guard.blocking}>{t("Ask them to get in touch")}</Button>
            </>}
          />
        </Form>
      )}
    </Page>
  );
}

/** On the function's own page: the way to ask, or that one has asked. Not for one's own unit. */
export function AskLink({ one }: { one: FunctionContact }) {
  const app = useApp();
  const self = useSelf();
  const latest = useLatest(one);
  if (app.me.value?.kind !== "staff" || self?.unit === one.unit || one.gap?.includes("holder")) return null;
  return latest?.state === "open" ? <AskedCard ask={latest} /> : <LinkButton block icon="message" href={`/functions/${one.id}/ask`}>{t("Ask them to get in touch")}</LinkButton>;
}
