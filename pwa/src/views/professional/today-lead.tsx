/** The part of the day of one who leads an area. */
import { fullDate, timeRange } from "../../dates";
import { t, tn } from "../../i18n";
import { DateTile, Notice, Row, Rows, Section, useApp } from "../../ui";
import { comingTerms } from "../staff/today-area";
import type { TermMeeting } from "./model";
import { functionName, meetingWords } from "./words";

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
