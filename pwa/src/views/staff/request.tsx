/** One wish to be called: everything that was said, and how it was answered. */
import { stamp } from "../../dates";
import { t } from "../../i18n";
import { Button, Card, ChoiceGroup, type Fact, Facts, Form, LinkButton, Notice, OutboxFor, Page, TextArea, useApp, useForm } from "../../ui";
import { AskedView } from "../professional/asked";
import type { ViewProps } from "../roles";
import { Missing, useChild, useDoing, useUnsent } from "./kit";
import type { ContactRequest } from "./model";
import { PromiseHero, askerWords } from "./promise";
import { LateOfUnit } from "./today-late";
import { UnreachedFor } from "./unreached";
import { DID, didWords, goodTimes, outcomeWords, reasonWords } from "./words";

function Answer({ request }: { request: ContactRequest }) {
  const { run, said } = useDoing();
  const unsent = useUnsent(request.id, "contact.answer");
  const form = useForm<{ outcome: string | null; note: string }>(
    { outcome: null, note: "" },
    (v) => ({ outcome: !v.outcome && t("Choose how it went"), note: v.note.length > 300 && t("Write a shorter text") }),
    (v): Promise<unknown> => run("contact.answer", { contact_request: request.id, outcome: v.outcome, note: v.note.trim() }, form),
  );
  return unsent && !form.busy ? null : (
    <Form form={form} label={t("How did it go?")}>
      <Card>
        <ChoiceGroup
          legend={t("How did it go?")} {...form.of("outcome")}
          options={Object.keys(DID).map((value) => ({ value, label: didWords(value), hint: value === "tried" && t("The promise stays open. They see that you tried.") }))}
        />
        <TextArea label={t("A few words to the one who asked")} optional rows={3} max={300} {...form.of("note")} />
        {said}
        <Button type="submit" kind="primary" block>{t("Save")}</Button>
      </Card>
    </Form>
  );
}

export function RequestView({ params, query }: ViewProps) {
  const app = useApp();
  const request = app.one<ContactRequest>("contact_request", params.id ?? "").value;
  const around = useChild(request?.child ?? "");
  if (!request) return <Missing home="/" />;
  if (request.owed_by) return <LateOfUnit request={request} />;
  if (!request.asked_by && !request.child) return <AskedView params={params} query={query} />;
  const back = request.child ? { href: `/children/${request.child}`, label: t("The child") } : { href: "/", label: t("Today") };
  const phone = request.callback_phone ?? request.asked_by?.phone;
  const facts: Fact[] = [
    { icon: "note", title: reasonWords(request.reason), text: request.text ? <bdi>{request.text}</bdi> : undefined },
    goodTimes(request) && request.state !== "open" && { icon: "clock", title: t("Best: {times}", { times: goodTimes(request) }) },
    request.note && { icon: "message", title: t("Said to the one who asked"), text: <bdi>{request.note}</bdi> },
  ];
  return (
    <Page title={request.state === "open" ? t("A promise to keep") : t("A wish to be called")} back={back}>
      {request.state === "open"
        ? <PromiseHero request={request} child={around?.child} coordinator={around?.coordinator} />
        : <Notice tone={request.state === "answered" ? "good" : "grey"} icon="check" title={request.state === "answered" ? t("Answered {when}", { when: stamp(request.answered_at ?? request.asked_at) }) : t("It was taken back")}><span>{askerWords(request, around?.child)}{request.outcome ? `. ${outcomeWords(request.outcome)}` : ""}{request.answered_by ? ` (${request.answered_by})` : ""}</span></Notice>}
      {!phone && request.state === "open" && <p class="sm muted inset">{t("No number was given. Write, or use a number you already have.")}</p>}
      <UnreachedFor doc={request.id} />
      <Card><Facts items={facts} /></Card>
      {request.state === "open" && request.asked_by?.relation && around?.held && <LinkButton icon="message" href={`/children/${request.child}/thread/${request.asked_by.relation}`}>{t("Write instead")}</LinkButton>}
      <OutboxFor id={request.id} />
      {request.state === "open" && app.may("contact.answer", request) && <Answer request={request} />}
    </Page>
  );
}
