/** A guardian's home: who, by when, the next meeting, the wait, and what is new. */
import { capital, fullDate, stamp, timeRange, today } from "../../dates";
import { t, tn } from "../../i18n";
import { Button, Card, DateTile, Empty, LinkButton, Page, Portraits, Row, Rows, Section, SkeletonPage, useApp } from "../../ui";
import { offersInstall } from "../reminders";
import type { ViewProps } from "../roles";
import { ofThisSeat } from "../seat-notices";
import { Unsent } from "../unsent";
import { ChildSwitch, calledIn, useAbout, useChild } from "./child";
import { Closed } from "./closed";
import type { Child, Consent, Measure, Meeting, Notified, Waiting } from "./docs";
import { CoordinatorHero, STAYS_MS } from "./hero";
import { OwnAnswer, bySoonest, isPlanned, placeWords } from "./meeting-parts";
import { NoMeeting } from "./meetings";
import { markRead, noticeIcon, noticeWords, stillHolds } from "./notices";
import { isMine } from "./sharing-parts";
import { first, greeted, listed, meetingTitle, shortQuestion, supportTitle, unitNames, visitWords } from "./words";

const SHOWN = 4;

export function Home({ query }: ViewProps) {
  const app = useApp();
  const { child, children, coordinator } = useChild(query.get("about"));
  if (!child && app.syncedAt.value === null) return <Page busy><SkeletonPage /></Page>;
  return (
    <Page kicker={capital(fullDate(today()))} title={t("Hi {name}", { name: greeted(app.me.value?.name) })}>
      <ChildSwitch child={child} children={children} />
      <Unsent />
      {!child && <NothingShared />}
      {child?.last_word && <Closed child={child} coordinator={coordinator} />}
      {child && coordinator && !child.last_word && <CoordinatorHero child={child} coordinator={coordinator} />}
      {child && <Asked child={child} coordinator={first(coordinator?.name)} />}
      {child && <NextMeeting child={child} />}
      {child && <Meanwhile child={child} />}
      <News />
      {offersInstall() && <Rows><Row icon="add-home" href="/install" title={t("Put Samled on the home screen")} text={t("Then it opens with one press, and reminders work.")} /></Rows>}
    </Page>
  );
}

/** Signed in, and nothing is shared. */
export function NothingShared() {
  return (
    <Empty icon="people" title={t("Nothing is shared with you here")} text={t("It may have ended, or you are here as somebody else.")}>
      <LinkButton block href="/settings">{t("Settings")}</LinkButton>
    </Empty>
  );
}

/** Questions about sharing that wait for one's own answer. */
export function Asked({ child, coordinator }: { child: Child; coordinator: string }) {
  const name = calledIn(useApp(), child);
  const asked = useAbout<Consent>("consent", child.id).filter(isMine);
  if (asked.length === 0) return null;
  return (
    <Section title={coordinator ? t("{name} asks", { name: coordinator }) : t("A question to you")} note={t("You decide. Answer when you want to.")}>
      <Rows>
        {asked.map((consent) => <Row key={consent.id} icon="hand" tone="mark" title={shortQuestion(consent.purpose, name)} text={<bdi>{unitNames(consent.to_units)}</bdi>} href={`/sharing/${consent.id}`} />)}
      </Rows>
    </Section>
  );
}

function NextMeeting({ child }: { child: Child }) {
  const planned = useAbout<Meeting>("meeting", child.id).filter(isPlanned).sort(bySoonest);
  const meeting = planned[0];
  if (!meeting) return child.last_word ? null : <Section title={t("Meetings")}><NoMeeting /></Section>;
  const place = placeWords(meeting);
  const people = (meeting.people ?? []).map((person) => person.name);
  return (
    <Section title={t("Next meeting")} end={planned.length > 1 && <a href="/meetings">{tn("{n} meeting", "{n} meetings", planned.length)}</a>}>
      <Card>
        <Row
          bare start={<DateTile date={meeting.starts_at} />} title={<span dir="auto">{meetingTitle(meeting)}</span>}
          text={<>{t("At {range}", { range: timeRange(meeting.starts_at, meeting.minutes) })}{place && <><br /><bdi>{place}</bdi></>}</>}
        />
        {people.length > 0 && (
          <div class="row bare"><Portraits names={people.slice(0, 4)} /><span class="txt"><small>{t("{names} take part", { names: listed(people.map(first)) })}</small></span></div>
        )}
        {meeting.answer === "none"
          ? <LinkButton kind="soft" block href={`/meetings/${meeting.id}`}>{t("Answer whether you come")}</LinkButton>
          : <><OwnAnswer meeting={meeting} /><LinkButton kind="soft" block href={`/meetings/${meeting.id}`}>{t("Open the meeting")}</LinkButton></>}
      </Card>
    </Section>
  );
}

/** The wait and the support meanwhile. */
export function Meanwhile({ child }: { child: Child }) {
  const waits = useAbout<Waiting>("waiting", child.id).filter((one) => one.state !== "ended" && one.state !== "started");
  const measures = useAbout<Measure>("support_measure", child.id).filter((one) => one.state === "offered" || one.state === "running");
  if (waits.length === 0 && measures.length === 0) return null;
  return (
    <Section title={waits.length > 0 ? t("While you wait") : t("Support")}>
      <Rows>
        {waits.map((wait) => (
          <Row
            key={wait.id} icon="trail" tone="mark" href={`/waiting/${wait.id}`} title={<bdi>{wait.unit_name}</bdi>}
            text={wait.state === "offered" ? t("You have been offered a time") : today() <= wait.target_on ? visitWords(wait, fullDate(wait.target_on)) : today() <= wait.overdue_after ? t("The limit of the law is {date}", { date: fullDate(wait.limit_on) }) : t("The limit of the law has passed")}
          />
        ))}
        {measures.length > 0 && <Row icon="heart" href="/waiting" title={supportTitle(measures)} text={tn("{n} thing", "{n} things", measures.length)} />}
      </Rows>
    </Section>
  );
}

/** What has happened, newest first; a press leads there. */
export function News() {
  const app = useApp();
  const since = new Date(app.now.value - STAYS_MS).toISOString();
  const all = ofThisSeat(app, app.all<Notified>("notice").value).filter((one) => (!one.read || one.at > since) && stillHolds(app, one)).sort((a, b) => b.at.localeCompare(a.at));
  const shown = all.slice(0, SHOWN);
  const unread = all.filter((one) => !one.read);
  if (shown.length === 0) return null;
  return (
    <Section title={t("News")} end={unread.length > 1 && <Button slim kind="quiet" onPress={() => markRead(app, unread)}>{t("Mark all as read")}</Button>}>
      <Rows>
        {shown.map((notice) => (
          <Row
            key={notice.id} icon={noticeIcon(notice.about)} tone={notice.read ? "grey" : "info"} title={noticeWords(app, notice)}
            text={notice.read ? capital(stamp(notice.at)) : <><b>{t("New")}</b> {stamp(notice.at)}</>} href={`/n/${notice.id}`}
          />
        ))}
      </Rows>
    </Section>
  );
}
