/** Terminsmöten: the next one, those to be planned, and those that were. */
import { fullDate, timeRange } from "../../dates";
import { t, tn } from "../../i18n";
import { Badge, Card, Columns, DateTile, Empty, LinkButton, Page, Row, Rows, Section, SkeletonPage, useApp } from "../../ui";
import { isFirst } from "../staff/kit";
import type { Task, TermMeeting } from "./model";
import { TaskRow } from "./task-row";
import { useTicking } from "./ticking";
import { answerWords, meetingWords, ownAnswer, stateWords, termWords } from "./words";

function MeetingRow({ one, seat, nowMs }: { one: TermMeeting; seat: string | undefined; nowMs: number }) {
  const mine = ownAnswer(one, seat);
  const ahead = one.state === "planned" && Date.parse(one.ends_at) > nowMs;
  const end = one.state === "cancelled" ? <Badge tone="bad" icon="close">{stateWords(one.state)}</Badge>
    : one.state === "held" ? <Badge icon="check">{stateWords(one.state)}</Badge>
    : ahead && mine === "none" ? <Badge tone="mark" icon="help">{t("Answer")}</Badge>
    : ahead && mine ? <Badge tone={mine === "no" ? "plain" : "good"} icon={mine === "no" ? "close" : "check"}>{answerWords(mine)}</Badge>
    : one.state === "planned" && !ahead ? <Badge tone="warn" icon="note">{t("No minutes yet")}</Badge> : undefined;
  return <Row start={<DateTile date={one.starts_at} />} title={meetingWords(one)} text={`${timeRange(one.starts_at, one.minutes)}${one.place ? ` · ${one.place}` : ""}`} href={`/terms/${one.id}`} {...(end ? { end } : {})} />;
}

export function Terms() {
  const app = useApp();
  const ticking = useTicking();
  if (isFirst(app)) return <Page busy><SkeletonPage hero={false} /></Page>;
  const me = app.me.value;
  const nowMs = app.now.value;
  const all = [...app.all<TermMeeting>("term_meeting").value].sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
  const ahead = all.filter((one) => one.state === "planned" && Date.parse(one.ends_at) > nowMs);
  const drafts = all.filter((one) => one.state === "draft");
  const past = all.filter((one) => one.planned_on && !ahead.includes(one)).reverse();
  const tasks = app.all<Task>("task").value.filter((one) => one.kind === "term_action" && ticking.listed(one)).sort((a, b) => ((a.by_on ?? "9") < (b.by_on ?? "9") ? -1 : 1));
  const next = ahead[0];
  const lead = me?.kind === "process_lead";
  return (
    <Page title={next ? t("Next term meeting: {day}", { day: fullDate(next.starts_at) }) : t("Term meetings")} back={lead ? undefined : { href: "/more", label: t("More") }} kicker={next ? t("Term meetings") : undefined}>
      <Columns
        half
        left={<>
          {ahead.length > 0 && <Rows label={t("To come")}>{ahead.map((one) => <MeetingRow key={one.id} one={one} seat={me?.seat} nowMs={nowMs} />)}</Rows>}
          {ahead.length === 0 && drafts.length === 0 && <Empty icon="calendar" title={t("No term meeting is planned")} text={lead ? t("Plan one, and everybody who holds a function hears of it.") : t("You hear of it here when the one who leads the area has planned it.")} />}
          {drafts.map((one) => (
            <Card key={one.id} selected>
              <Row bare icon="calendar" tone="mark" title={one.network ? meetingWords(one) : t("Plan the meeting for {term}", { term: termWords(one.term) })} text={t("{days} are proposed. Nobody has been told yet.", { days: tn("{n} day", "{n} days", one.proposals?.length ?? 0) })} />
              <LinkButton kind="primary" block href={`/terms/${one.id}/plan`}>{t("Choose a day")}</LinkButton>
            </Card>
          ))}
          {lead && (
            <div class="stack no-print">
              <LinkButton block icon="plus" href="/terms/new">{t("Plan another term meeting")}</LinkButton>
              <Rows><Row icon="clock" title={t("When school terms begin and end")} text={t("Proposed days follow them")} href="/terms/dates" /></Rows>
            </div>
          )}
        </>}
        right={<>
          {ticking.said}
          <p class="vh" role="status">{ticking.heard}</p>
          {tasks.length > 0 && <Section title={t("Promised at the meetings")} end={<a class="sm" href="/tasks">{t("See all")}</a>}><Rows>{tasks.slice(0, 6).map((one) => <TaskRow key={one.id} one={one} ticking={ticking} />)}</Rows></Section>}
          {past.length > 0 && <Section title={t("Before")}><Rows>{past.map((one) => <MeetingRow key={one.id} one={one} seat={me?.seat} nowMs={nowMs} />)}</Rows></Section>}
        </>}
      />
    </Page>
  );
}
