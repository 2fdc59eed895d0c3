/** A young person's home: nothing one must do, the next meeting, one's person. */
import { dateOf, fullDate, longDate, time, today } from "../../dates";
import { N_, t, tn } from "../../i18n";
import { CallButton, Card, DateTile, LinkButton, Page, Portrait, Row, Rows, Section, SkeletonPage, T, useApp } from "../../ui";
import { ChildSwitch, useAbout, useChild } from "../family/child";
import { Closed } from "../family/closed";
import type { Child, Coordinator, Meeting, Voice } from "../family/docs";
import { BeingNamed, RequestState, callTarget, useOpenRequest, whoAnswers, workWords } from "../family/hero";
import { Asked, Meanwhile, News, NothingShared } from "../family/home";
import { bySoonest, canJoin, isPlanned } from "../family/meeting-parts";
import { isLate } from "../family/promise";
import { first, meetingTitle } from "../family/words";
import type { ViewProps } from "../roles";
import { Unsent } from "../unsent";
import { isBegun, isLeaving, useDrafts } from "./draft";

export function Home(_: ViewProps) {
  const app = useApp();
  const { child, children, coordinator } = useChild();
  const meetings = [...useAbout<Meeting>("meeting", child?.id)].filter(isPlanned).sort(bySoonest);
  const drafts = useDrafts(meetings.map((one) => one.id));
  if (!child && app.syncedAt.value === null) return <Page busy><SkeletonPage hero={false} /></Page>;
  const begun = Object.entries(drafts).filter(([meeting, draft]) => isBegun(draft) && !isLeaving(app, meeting)).length;
  return (
    <Page scene>
      <Today meeting={meetings[0]} name={first(app.me.value?.name)} over={Boolean(child?.last_word)} />
      <ChildSwitch child={child} children={children} />
      <Unsent />
      {!child && <NothingShared />}
      {child?.last_word && <Closed child={child} coordinator={coordinator} />}
      {child && coordinator && !child.last_word && <YourPerson child={child} coordinator={coordinator} />}
      {child && <Asked child={child} coordinator={first(coordinator?.name)} />}
      <Section title={t("My words")}>
        <Rows>
          <Row icon="note" href="/words" title={t("Things I want to say")} text={begun > 0 ? tn("{n} note. Only you see it.", "{n} notes. Only you see them.", begun) : t("Write, or choose that somebody says it for you.")} />
          <Row icon="eye" tone="info" href="/who-sees" title={t("Who sees what")} text={t("What your guardians can see, and what they cannot")} />
        </Rows>
      </Section>
      {child && <Meanwhile child={child} />}
      <News />
    </Page>
  );
}

/** The first card: today's only thing, or that there is none. */
function Today({ meeting, name, over }: { meeting: Meeting | undefined; name: string; over: boolean }) {
  const app = useApp();
  const voice = app.all<Voice>("voice").value.find((one) => one.meeting === meeting?.id);
  const isToday = meeting && dateOf(meeting.starts_at) === today();
  return (
    <Card>
      <div class="stack-2">
        <p class="kicker">{t("Hi {name}", { name })}</p>
        <h1 tabIndex={-1}>{isToday ? t("A meeting today at {time}", { time: time(meeting.starts_at) }) : t("Nothing you have to do today")}</h1>
      </div>
      {meeting && (
        <>
          <a class="row bare top-a" href={`/meetings/${meeting.id}`}>
            <DateTile date={meeting.starts_at} />
            <span class="txt"><b dir="auto">{meetingTitle(meeting)}</b><small>{t("At {time}, {minutes} minutes. You choose how to take part.", { time: time(meeting.starts_at), minutes: meeting.minutes })}</small></span>
          </a>
          {canJoin(meeting)
            ? <LinkButton kind="primary" big block icon="video" href={`/meetings/${meeting.id}/join`}>{t("Join")}</LinkButton>
            : app.now.value < Date.parse(meeting.starts_at) && <LinkButton kind="primary" block href={`/prepare/${meeting.id}`}>{voice ? t("Look at your words") : t("Prepare if you like")}</LinkButton>}
        </>
      )}
      {!meeting && !over && <p class="muted">{t("When you are invited to a meeting it stands here.")}</p>}
    </Card>
  );
}

/** The coordinator as one's own person, with the promise. */
function YourPerson({ child, coordinator }: { child: Child; coordinator: Coordinator }) {
  const request = useOpenRequest(child.id);
  if (!coordinator.name) return <BeingNamed coordinator={coordinator} />;
  const name = first(coordinator.name);
  const target = callTarget(coordinator);
  return (
    <Section title={t("Your person")}>
      <Card>
        <a class="row bare" href="/coordinator">
          <Portrait name={coordinator.name} size={64} />
          <span class="txt"><b><bdi>{coordinator.name}</bdi></b><small><bdi lang="sv">{workWords(coordinator)}</bdi></small></span>
        </a>
        <div class="btns">
          <LinkButton kind="soft" icon="message" href="/coordinator/messages">{t("Write")}</LinkButton>
          {target && <CallButton number={target.phone}>{target.name === name ? t("Call") : t("Call {name}", { name: target.name })}</CallButton>}
        </div>
        <p class="sm muted">
          {request
            ? isLate(request) ? t("{name} should have been in touch by {date}.", { name, date: longDate(request.due_on) }) : t("{name} will be in touch by {date}.", { name: whoAnswers(coordinator), date: fullDate(request.due_on) })
            : <T msg={N_("{name} answers within {days}.")} name={whoAnswers(coordinator)} days={tn("{n} working day", "{n} working days", coordinator.promise_days)} />}
        </p>
      </Card>
      <RequestState home child={child} coordinator={coordinator} request={request} />
    </Section>
  );
}
