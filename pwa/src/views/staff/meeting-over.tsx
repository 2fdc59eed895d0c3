/** A meeting that has been held or is cancelled: nothing of it is planned any longer. */
import { t } from "../../i18n";
import { LinkButton, Notice, Page } from "../../ui";
import { ChildKicker, useChild } from "./kit";
import type { Meeting } from "./model";
import { meetingTitle } from "./words";

/** True while it can still be planned, moved or written down. */
export const isLive = (meeting: Meeting): boolean => meeting.state !== "held" && meeting.state !== "cancelled";

export function Over({ meeting }: { meeting: Meeting }) {
  const around = useChild(meeting.child);
  const to = `/meetings/${meeting.id}`;
  return (
    <Page title={<bdi>{meetingTitle(meeting, around?.child.display_name)}</bdi>} kicker={around && <ChildKicker child={around.child} />} back={{ href: to, label: t("The meeting") }}>
      <Notice tone="grey" icon="check" title={meeting.state === "held" ? t("The meeting has been held") : t("The meeting is cancelled")} />
      <LinkButton href={to}>{t("Open the meeting")}</LinkButton>
    </Page>
  );
}
