/**
 * I dag, in one order on every screen: promises owed, the day's times, what waits for an answer, tasks, freed times, news.
 * That it has become worse for a child is a promise owed at once; so it stands with them, first.
 */
import { addDays, atTime, capital, dateOf, daysBetween, dayWords, fullDate, today } from "../../dates";
import { t, tn } from "../../i18n";
import type { App } from "../../state/api";
import { ChildName, Columns, DateTile, Empty, Notice, Page, Row, Rows, Section, SkeletonPage, shownAmong, shownName, useApp } from "../../ui";
import { CountAsBuse } from "../professional/count-one";
import { meetingWords } from "../professional/words";
import { FirstProof } from "./first-proof";
import { isFirst, isHeld, useSelf } from "./kit";
import type { Task } from "../professional/model";
import type { Child, ContactRequest, Coordinator, Meeting, Message, NoticeDoc, Waiting } from "./model";
import { NoticeRow, useNotices } from "./notices";
import { PromiseHero, askerWords, isLate, todayTitle, useAnswering } from "./promise";
import { leadPart } from "./chunks";
import { ToDo, unanswered } from "./today-area";
import { Freed, InLine } from "./advice-now";
import { LatePromises, lateOfUnit } from "./today-late";
import { TeamNews } from "./team-rows";
import { DayTimes } from "./today-times";
import { Unsaid } from "./booking-times";
import { meetingTitle, reasonWords, worseWords } from "./words";

/** Check-ins are shown this many days ahead. */
const AHEAD_DAYS = 7;

interface Rooms { children: ReadonlyMap<string, Child>; coordinators: ReadonlyMap<string, Coordinator> }

function useRooms(app: App): Rooms {
  return {
    children: new Map(app.all<Child>("child").value.map((child) => [child.id, child])),
    coordinators: new Map(app.all<Coordinator>("coordinator").value.map((one) => [one.child, one])),
  };
}

/** A child's name, told apart from the other children's while names are hidden. */
const called = ({ children }: Rooms, child: string): string => shownAmong(children.get(child)?.display_name ?? "", [...children.values()].map((one) => one.display_name));

/** Promises that are mine to keep: asked of me, or by a colleague of my function; the next first. */
function owed(app: App): ContactRequest[] {
  return app.all<ContactRequest>("contact_request").value
    .filter((one) => one.state === "open" && one.asked_by !== undefined)
    .sort((a, b) => (a.due_at < b.due_at ? -1 : 1));
}

function Worse({ rooms }: { rooms: Rooms }) {
  const app = useApp();
  const cards = app.all<Waiting>("waiting").value.filter((one) => one.worse_reports?.length && isHeld(rooms.children.get(one.child)));
  return (
    <>
      {cards.map((card) => {
        const codes = [...new Set((card.worse_reports ?? []).flatMap((one) => one.what))];
        return (
          <Notice key={card.id} tone="bad" icon="warning" title={t("The family says that it has become worse for {name}", { name: called(rooms, card.child) })}>
            <span>{t("It is about {what}.", { what: worseWords(codes) })}</span>
            <span><a href={`/waiting/${card.id}`}>{t("See what they said, and call")}</a></span>
          </Notice>
        );
      })}
    </>
  );
}

function Coming({ requests, rooms }: { requests: readonly ContactRequest[]; rooms: Rooms }) {
  const app = useApp();
  const now = today();
  const checkIns = app.all<Waiting>("waiting").value
    .filter((one) => one.next_check_in_on && isHeld(rooms.children.get(one.child)) && daysBetween(now, one.next_check_in_on) <= AHEAD_DAYS)
    .sort((a, b) => ((a.next_check_in_on ?? "") < (b.next_check_in_on ?? "") ? -1 : 1));
  if (requests.length + checkIns.length === 0) return null;
  return (
    <Section title={t("Promises ahead")}>
      <Rows>
        {requests.map((one) => (
          <Row key={one.id} start={<DateTile date={one.due_on} />} title={askerWords(one, rooms.children.get(one.child ?? ""))} text={`${one.child ? "" : `${t("To your unit")} · `}${reasonWords(one.reason)} · ${isLate(one, app.now.value) ? t("late") : atTime(one.due_at)}`} href={`/requests/${one.id}`} />
        ))}
        {checkIns.map((one) => {
          const name = called(rooms, one.child);
          const late = (one.next_check_in_on ?? "") < now;
          return (
            <Row
              key={one.id} start={<DateTile date={one.next_check_in_on ?? now} />} title={t("Ask how it is for {name}", { name })}
              text={late ? t("Late. They are waiting for {unit}", { unit: one.unit_name }) : t("Waiting for {unit}", { unit: one.unit_name })} href={`/waiting/${one.id}`}
            />
          );
        })}
      </Rows>
    </Section>
  );
}

/** Meetings that lack my own answer, and wishes for another time. */
function useAsks(app: App, rooms: Rooms): { meeting: Meeting; why: string }[] {
  const seat = app.me.value?.seat;
  const nowMs = app.now.value;
  return app.all<Meeting>("meeting").value
    .filter((one) => (one.state === "invited" || one.state === "confirmed") && Date.parse(one.ends_at) > nowMs)
    .flatMap((meeting) => {
      const mine = meeting.answers?.find((one) => one.who === seat);
      if (mine && (meeting.answer ?? mine.answer) === "none") return [{ meeting, why: t("Say if you come") }];
      if (!isHeld(rooms.children.get(meeting.child))) return [];
      if (meeting.new_time_asks?.length) return [{ meeting, why: t("Asks for another time: {names}", { names: meeting.new_time_asks.map((one) => shownName(one.name ?? "")).join(", ") }) }];
      const no = (meeting.answers ?? []).filter((one) => one.answer === "no");
      return no.length > 0 ? [{ meeting, why: t("Cannot come: {names}", { names: no.map((one) => (one.kind === "staff" ? one.name ?? "" : shownName(one.name ?? ""))).join(", ") }) }] : [];
    });
}

/** Threads with something from the family that has not been read. */
function useUnread(app: App): Message[] {
  const unread = new Set(app.all<NoticeDoc>("notice").value.filter((one) => one.kind === "message_new" && !one.read).map((one) => one.doc));
  const threads = new Map<string, Message>();
  for (const message of app.all<Message>("message").value) if (unread.has(message.id)) threads.set(`${message.child}/${message.thread}`, message);
  return [...threads.values()];
}

function ForYou({ rooms }: { rooms: Rooms }) {
  const app = useApp();
  const asks = useAsks(app, rooms);
  const unread = useUnread(app);
  const unheld = app.all<Meeting>("meeting").value.filter((one) => (one.state === "invited" || one.state === "confirmed") && Date.parse(one.ends_at) < app.now.value && isHeld(rooms.children.get(one.child)));
  const drafts = app.all<Meeting>("meeting").value.filter((one) => one.state === "draft" && isHeld(rooms.children.get(one.child)));
  const terms = unanswered(app);
  if (asks.length + terms.length + unread.length + unheld.length + drafts.length === 0) return null;
  const nameOf = (meeting: Meeting): string | undefined => rooms.children.get(meeting.child)?.display_name;
  return (
    <Section title={t("Waits for you")}>
      <Rows>
        {unread.map((one) => (
          <Row key={one.id} icon="message" tone="info" title={t("Message from {name}", { name: shownName(one.from_name) })} text={<ChildName name={rooms.children.get(one.child)?.display_name ?? ""} />} href={`/children/${one.child}/thread/${one.thread}`} />
        ))}
        {asks.map(({ meeting, why }) => <Row key={meeting.id} icon="calendar" title={t("{title}, {when}", { title: meetingTitle(meeting, nameOf(meeting)), when: dayWords(meeting.starts_at) })} text={why} href={`/meetings/${meeting.id}`} />)}
        {terms.map((one) => <Row key={one.id} icon="calendar" title={t("{title}, {when}", { title: meetingWords(one), when: dayWords(one.starts_at) })} text={t("Say if you come")} href={`/terms/${one.id}`} />)}
        {unheld.map((one) => <Row key={one.id} icon="note" title={t("Write what came out of the meeting")} text={t("{title}, {when}", { title: meetingTitle(one, nameOf(one)), when: dayWords(one.starts_at) })} href={`/meetings/${one.id}`} />)}
        {drafts.map((one) => <Row key={one.id} icon="edit" tone="grey" title={t("A meeting that nobody is invited to yet")} text={t("{title}, {when}", { title: meetingTitle(one, nameOf(one)), when: dayWords(one.starts_at) })} href={`/meetings/${one.id}`} />)}
      </Rows>
    </Section>
  );
}

/** Notices that nothing else on this page shows. */
const ELSEWHERE = new Set(["contact_new", "contact_due", "contact_escalated", "message_new", "waiting_worse", "meeting_new_time", "meeting_declined"]);

function News() {
  const notices = useNotices();
  const unread = notices.filter((one) => !one.read && !ELSEWHERE.has(one.kind)).slice(0, 4);
  if (notices.length === 0) return null;
  return (
    <Section title={t("What has happened")} end={<a class="sm" href="/notices">{t("See all")}</a>}>
      {unread.length > 0 ? <Rows>{unread.map((one) => <NoticeRow key={one.id} notice={one} />)}</Rows> : <p class="muted inset">{t("Nothing new.")}</p>}
    </Section>
  );
}

const TermsToLead = leadPart("TermsToLead");
const NONE = {};
const ASKED = new URLSearchParams();

export function Today() {
  const app = useApp();
  const rooms = useRooms(app);
  const self = useSelf();
  const answering = useAnswering();
  const kicker = capital(fullDate(today()));
  if (isFirst(app)) return <Page busy><SkeletonPage /></Page>;
  if (app.me.value?.kind !== "staff") {
    return (
      <Page kicker={kicker} title={t("Today")}>
        <FirstProof />
        <Columns half left={<>{app.me.value?.kind === "process_lead" ? <TermsToLead params={NONE} query={ASKED} /> : null}<ToDo /></>} right={<><News /><Others kind={app.me.value?.kind ?? ""} /></>} />
      </Page>
    );
  }
  const promises = owed(app);
  const [first, ...rest] = promises;
  const now = today();
  const late = promises.filter((one) => isLate(one, app.now.value)).length + lateOfUnit(app).length;
  const due = promises.filter((one) => one.due_on <= now).length;
  const cards = app.all<Waiting>("waiting").value.filter((one) => isHeld(rooms.children.get(one.child)));
  const worse = new Set(cards.filter((one) => one.worse_reports?.length).map((one) => one.child)).size;
  const overdue = cards.filter((one) => (one.next_check_in_on ?? now) < now).length + app.all<Task>("task").value.filter((one) => one.state === "open" && (one.by_on ?? now) < now).length;
  const large = first && (first.due_on <= addDays(now, 1) || isLate(first, app.now.value)) ? first : undefined;
  return (
    <Page kicker={kicker} title={todayTitle({ late, worse, due, overdue })}>
      <FirstProof />
      {self?.away_until && self.away_until >= dateOf(app.now.value) && <Notice tone="warn" icon="calendar" title={t("You are away until {day}", { day: fullDate(self.away_until) })}><a href="/away">{t("Change")}</a></Notice>}
      <Columns
        left={<>
          <InLine turn />
          <Worse rooms={rooms} />
          {large && <PromiseHero key={large.id} request={large} child={rooms.children.get(large.child ?? "")} coordinator={rooms.coordinators.get(large.child ?? "")} onAnswer={answering.ask} />}
          {answering.shown}
          <LatePromises />
          <Coming requests={large ? rest : promises} rooms={rooms} />
          <DayTimes rooms={rooms.children} />
        </>}
        right={<><Unsaid /><TeamNews /><ForYou rooms={rooms} /><ToDo /><Freed /><CountAsBuse /><News /></>}
      />
    </Page>
  );
}

/** Process leaders and admins: what there is for them. */
function Others({ kind }: { kind: string }) {
  return (
    <Empty
      icon="info" title={kind === "admin" ? t("You look after your organisation's units") : t("You lead the work in your area")}
      text={kind === "admin" ? t("What concerns you is listed here. You see no children.") : t("The units of your area are under Contacts. You see no children.")}
    />
  );
}
