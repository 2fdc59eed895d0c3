/** The area's part of the day: term meetings that lack an answer, tasks of the unit, and what one who leads must see. */
import { addDays, fullDate, timeRange, today } from "../../dates";
import { t, tn } from "../../i18n";
import type { App } from "../../state/api";
import { DateTile, Notice, Row, Rows, Section, useApp } from "../../ui";
import type { Task, TermMeeting } from "../professional/model";
import { TaskRow } from "../professional/task-row";
import { functionName, meetingWords, ownAnswer } from "../professional/words";
import { useDoing } from "./kit";

/** Tasks stand on the day when they are due within so many days. */
const AHEAD_DAYS = 14;
const SHOWN = 3;

/** Term meetings to come, the next first. */
export function comingTerms(app: App): TermMeeting[] {
  return app.all<TermMeeting>("term_meeting").value
    .filter((one) => one.state === "planned" && Date.parse(one.ends_at) > app.now.value)
    .sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
}

/** Term meetings that wait for my own answer. */
export function unanswered(app: App): TermMeeting[] {
  return comingTerms(app).filter((one) => ownAnswer(one, app.me.value?.seat) === "none");
}

/** The tasks that are late or soon due; nothing when there is none. */
export function ToDo() {
  const app = useApp();
  const { run, said } = useDoing();
  const until = addDays(today(), AHEAD_DAYS);
  const open = app.all<Task>("task").value.filter((one) => one.state === "open" && (one.by_on ?? until) <= until).sort((a, b) => ((a.by_on ?? "9") < (b.by_on ?? "9") ? -1 : 1));
  if (open.length === 0) return said ? <>{said}</> : null;
  return (
    <Section title={t("To do")} end={<a class="sm" href="/tasks">{t("See all")}</a>}>
      {said}
      <Rows>{open.slice(0, SHOWN).map((one) => <TaskRow key={one.id} one={one} run={run} />)}</Rows>
    </Section>
  );
}

/** For one who leads: the next meeting, who is missing from it, and days to choose. */
export function TermsToLead() {
  const app = useApp();
  const [next] = comingTerms(app);
  const drafts = app.all<TermMeeting>("term_meeting").value.filter((one) => one.state === "draft");
  if (!next && drafts.length === 0) return null;
  return (
    <>
      {next && next.missing_functions.length > 0 && (
        <Notice tone="bad" icon="warning" title={tn("{n} function is missing so far", "{n} functions are missing so far", next.missing_functions.length)}>
          <span>{next.missing_functions.map(functionName).join(", ")}</span>
        </Notice>
      )}
      <Section title={t("Term meetings")} end={<a class="sm" href="/terms">{t("See all")}</a>}>
        <Rows>
          {next && (
            <Row
              start={<DateTile date={next.starts_at} />} title={meetingWords(next)} href={`/terms/${next.id}`}
              text={<>{timeRange(next.starts_at, next.minutes)}. {t("{n} of {all} have answered", { n: next.participants.filter((one) => one.answer !== "none").length, all: next.participants.length })}</>}
            />
          )}
          {drafts.map((one) => <Row key={one.id} icon="calendar" tone="mark" title={t("Plan: {meeting}", { meeting: meetingWords(one) })} text={t("Proposed: {day}", { day: fullDate(one.starts_at) })} href={`/terms/${one.id}/plan`} />)}
        </Rows>
      </Section>
    </>
  );
}
