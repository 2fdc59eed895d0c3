/** Every meeting one is invited to: what is ahead, and what was decided. */
import { t } from "../../i18n";
import { Empty, LinkButton, Page, Rows, Section, SkeletonPage, useApp } from "../../ui";
import type { ViewProps } from "../roles";
import { ChildSwitch, useAbout, useChild } from "./child";
import type { Meeting } from "./docs";
import { MeetingRow, bySoonest, isOver, isPlanned } from "./meeting-parts";

export function Meetings({ query }: ViewProps) {
  const app = useApp();
  const { child, children } = useChild(query.get("about"));
  const meetings = [...useAbout<Meeting>("meeting", child?.id)].sort(bySoonest);
  if (!child && app.syncedAt.value === null) return <Page busy><SkeletonPage hero={false} /></Page>;
  // What is called off before its day stands where it was looked for, not among what has been.
  const ahead = meetings.filter((one) => isPlanned(one) || (one.state === "cancelled" && !isOver(one)));
  const before = meetings.filter((one) => !ahead.includes(one)).reverse();
  return (
    <Page title={t("Meetings")}>
      <ChildSwitch child={child} children={children} />
      {ahead.length > 0 && <Section title={t("Ahead")}><Rows>{ahead.map((one) => <MeetingRow key={one.id} meeting={one} />)}</Rows></Section>}
      {!ahead.some(isPlanned) && <NoMeeting over={Boolean(child?.last_word)} />}
      {before.length > 0 && <Section title={t("Before")}><Rows>{before.map((one) => <MeetingRow key={one.id} meeting={one} />)}</Rows></Section>}
    </Page>
  );
}

/** Nothing is booked, and how to ask for it. */
export function NoMeeting({ over = false }: { over?: boolean }) {
  if (!useApp().may("contact.request") || over) return <Empty icon="calendar" title={t("You have no meeting booked")} />;
  return (
    <Empty icon="calendar" title={t("You have no meeting booked")} text={t("You can ask for one whenever you like.")}>
      <LinkButton block href="/coordinator/call?reason=meeting">{t("Ask for a meeting")}</LinkButton>
    </Empty>
  );
}
