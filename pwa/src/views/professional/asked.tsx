/** What I asked another unit, as I follow it: by when they answer, whether they tried, and what they said. */
import { atTime, dayWords, fullDate, stamp } from "../../dates";
import { t } from "../../i18n";
import { Button, Card, Facts, Notice, OutboxFor, Page, Row, Rows, Section, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { Missing, useDoing } from "../staff/kit";
import type { ContactRequest } from "../staff/model";
import { outcomeWords, reasonWords } from "../staff/words";
import { functionName } from "./words";

/** How many answered ones are listed. */
const ANSWERED = 3;

const whom = (ask: ContactRequest): string => [functionName(ask.function ?? ""), ask.unit_name].filter(Boolean).join(", ");
const isLate = (ask: ContactRequest, nowMs: number): boolean => ask.state === "open" && (ask.escalated_at !== undefined || Date.parse(ask.due_at) < nowMs);

export function AskedCard({ ask }: { ask: ContactRequest }) {
  const app = useApp();
  const { run, said } = useDoing();
  const late = isLate(ask, app.now.value);
  const names = ask.escalated_to ?? [];
  const due = { day: dayWords(ask.due_on), time: atTime(ask.due_at) };
  return (
    <>
      {ask.state === "open" && (
        <Notice tone={late ? "bad" : "info"} icon={late ? "warning" : "flag"} title={late ? t("Late. They promised to be in touch by {day} {time}", due) : t("They will be in touch by {day} {time}", due)}>
          {late && <span>{names.length > 0 ? t("{names} know that it is late.", { names: names.join(", ") }) : t("The unit's lead knows that it is late.")} </span>}
          {ask.tried_at && <span>{t("They tried to reach you {when}.", { when: stamp(ask.tried_at) })}</span>}
        </Notice>
      )}
      {ask.state === "answered" && <Notice tone="good" icon="check" title={t("Answered {when}", { when: stamp(ask.answered_at ?? ask.asked_at) })}><span>{[ask.outcome && outcomeWords(ask.outcome), ask.answered_by].filter(Boolean).join(" · ")}</span></Notice>}
      {ask.state === "withdrawn" && <Notice tone="grey" icon="undo" title={t("You took it back")} />}
      <Card>
        <Facts items={[
          { icon: "note", title: reasonWords(ask.reason), text: ask.text && <bdi>{ask.text}</bdi> },
          ask.note && { icon: "message", title: t("They wrote"), text: <bdi>{ask.note}</bdi> },
          { icon: "clock" as const, title: t("You asked {when}", { when: stamp(ask.asked_at) }) },
        ]} />
      </Card>
      {said}
      <OutboxFor id={ask.id} names={["contact.withdraw"]} />
      {app.may("contact.withdraw", ask) && <Button kind="quiet" block icon="undo" onPress={() => run("contact.withdraw", { contact_request: ask.id })}>{t("I no longer need an answer")}</Button>}
    </>
  );
}

/** The page a notice of an answer leads to. */
export function AskedView({ params }: ViewProps) {
  const ask = useApp().one<ContactRequest>("contact_request", params["id"] ?? "").value;
  if (!ask) return <Missing home="/contacts" />;
  return <Page title={t("What you asked")} kicker={whom(ask)} back={{ href: "/contacts", label: t("Contacts") }}><AskedCard ask={ask} /></Page>;
}

/** My questions to others: open ones, the next due first, and those answered last. */
export function MyAsks() {
  const app = useApp();
  const mine = app.all<ContactRequest>("contact_request").value.filter((one) => !one.asked_by && !one.child && !one.owed_by);
  const open = mine.filter((one) => one.state === "open").sort((a, b) => (a.due_at < b.due_at ? -1 : 1));
  const answered = mine.filter((one) => one.state === "answered").sort((a, b) => ((a.answered_at ?? "") > (b.answered_at ?? "") ? -1 : 1)).slice(0, ANSWERED);
  if (open.length + answered.length === 0) return null;
  return (
    <Section title={t("What you have asked others")}>
      <Rows>
        {open.map((one) => <Row key={one.id} icon="flag" tone={isLate(one, app.now.value) ? "bad" : "info"} title={whom(one)} text={isLate(one, app.now.value) ? t("Late since {day}", { day: fullDate(one.due_on) }) : t("Answers by {day} {time}", { day: dayWords(one.due_on), time: atTime(one.due_at) })} href={`/requests/${one.id}`} />)}
        {answered.map((one) => <Row key={one.id} icon="check" tone="good" title={whom(one)} text={t("Answered {when}", { when: stamp(one.answered_at ?? one.asked_at) })} href={`/requests/${one.id}`} />)}
      </Rows>
    </Section>
  );
}
