/** "Mina ord": what is prepared or let go of, meeting by meeting, and one's own words large enough to read aloud or show. */
import { capital, fullDate, time } from "../../dates";
import { t } from "../../i18n";
import { Badge, DateTile, Empty, LinkButton, Ltr, Notice, Page, Row, Rows, Section, SkeletonPage, useApp } from "../../ui";
import { coordinatorOf, useAbout, useChild } from "../family/child";
import type { Meeting, Voice } from "../family/docs";
import { Missing } from "../family/fetching";
import { bySoonest, isPlanned } from "../family/meeting-parts";
import { VoiceWords } from "../family/voice-words";
import { first, listed, meetingTitle } from "../family/words";
import type { ViewProps } from "../roles";
import { isBegun, isLeaving, useDrafts, usePrepared } from "./draft";

export function MyWords(_: ViewProps) {
  const app = useApp();
  const { child } = useChild();
  const meetings = [...useAbout<Meeting>("meeting", child?.id)].filter(isPlanned).sort(bySoonest);
  const voices = app.all<Voice>("voice").value;
  const drafts = useDrafts(meetings.map((one) => one.id));
  if (!child && app.syncedAt.value === null) return <Page busy><SkeletonPage hero={false} /></Page>;
  return (
    <Page title={t("My words")} lead={t("What you want to say before a meeting. It is yours until you let go of it.")}>
      {meetings.length === 0 && <Empty icon="note" title={t("No meeting to prepare for")} text={t("When you are invited to one you can write here what you want to say.")} />}
      {meetings.length > 0 && (
        <Rows>
          {meetings.map((meeting) => {
            const voice = voices.find((one) => one.meeting === meeting.id);
            const draft = drafts[meeting.id];
            const leaving = isLeaving(app, meeting.id);
            return (
              <Row
                key={meeting.id} href={`/prepare/${meeting.id}`} start={<DateTile date={meeting.starts_at} />} title={<span dir="auto">{meetingTitle(meeting)}</span>}
                text={voice ? t("Seen by {names}.", { names: listed(voice.seen_by ?? []) }) : leaving ? t("Will be sent when you are online") : draft && isBegun(draft) ? t("Begun. Only you see it.") : t("Nothing is written yet")}
                end={voice ? <Badge tone="good" icon="eye">{t("Let go of")}</Badge> : leaving ? <Badge icon="queued">{t("Not sent yet")}</Badge> : draft && isBegun(draft) ? <Badge icon="lock">{t("Draft")}</Badge> : undefined}
              />
            );
          })}
        </Rows>
      )}
      <Section title={t("Good to know")}>
        <Rows>
          <Row icon="eye" tone="info" href="/who-sees" title={t("Who sees what")} text={t("What your guardians can see, and what they cannot")} />
          <Row icon="share-with" href="/sharing" title={t("Who may know what about you?")} />
        </Rows>
      </Section>
    </Page>
  );
}

/** One's own words for one meeting: to read, to show on the phone, or to let somebody else read. */
export function ReadWords({ params }: ViewProps) {
  const app = useApp();
  const meeting = app.one<Meeting>("meeting", params["id"] ?? "").value;
  const voice = app.all<Voice>("voice").value.find((one) => one.meeting === meeting?.id);
  const { draft, loaded } = usePrepared(meeting?.id ?? "", voice);
  if (!meeting) return <Missing back="/words" />;
  const coordinator = first(coordinatorOf(app, meeting.child)?.name);
  const shown = isBegun(draft) ? draft : voice;
  const begun = app.now.value >= Date.parse(meeting.starts_at);
  return (
    <Page title={t("My words")} kicker={<>{capital(fullDate(meeting.starts_at))} <Ltr>{time(meeting.starts_at)}</Ltr>. <bdi>{meetingTitle(meeting)}</bdi></>} back={{ href: "/words", label: t("My words") }}>
      {shown && <VoiceWords voice={shown} coordinator={coordinator} large />}
      {shown && <Notice icon="info" title={t("You can show the phone to somebody, or read it yourself.")} />}
      {!shown && loaded && (
        <Empty icon="note" title={begun ? t("Nothing is written") : t("Nothing is written yet")}>
          {!begun && <LinkButton block href={`/prepare/${meeting.id}`}>{t("Write something")}</LinkButton>}
          {begun && coordinator && <LinkButton block icon="message" href="/coordinator/messages">{t("Write to {name}", { name: coordinator })}</LinkButton>}
        </Empty>
      )}
    </Page>
  );
}
