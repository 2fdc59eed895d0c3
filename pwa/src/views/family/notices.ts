/** What a notice says and where it leads. */
import { t } from "../../i18n";
import type { App } from "../../state/api";
import type { IconName } from "../../ui";
import type { Consent, Coordinator, Meeting, Notified } from "./docs";

/** The line of a notice. The name of a new coordinator stands in the document it leads to, not in the notice. */
export function noticeWords(app: App, notice: Notified): string {
  switch (notice.kind) {
    case "contact_answered": return t("Your coordinator has answered");
    case "contact_tried": return t("Your coordinator has tried to reach you");
    case "contact_escalated":
    case "contact_late": return t("The answer is late. More people have been told.");
    case "coordinator_named": return t("You have got a coordinator");
    case "coordinator_changed": {
      const { name } = app.one<Coordinator>("coordinator", notice.doc ?? "").value ?? {};
      return name ? t("New coordinator: {name}", { name }) : t("You will get a new coordinator");
    }
    case "child_closed": return t("Our contact has come to an end. There are a few words for you.");
    case "message_new": return t("A new message");
    case "meeting_invited": return t("You are invited to a meeting");
    case "meeting_moved": return t("A meeting has a new time");
    case "meeting_cancelled": return t("A meeting is cancelled");
    case "meeting_answer": return t("Say whether you come to the meeting");
    case "meeting_week": return t("A meeting in a week");
    case "meeting_day": return t("A meeting tomorrow");
    case "meeting_hour": return t("A meeting soon");
    case "meeting_held": return t("What was decided at the meeting");
    case "meeting_follow_up": return t("Time to see how it went");
    case "voice_released": return t("Words before a meeting");
    case "consent_asked": return t("A question about who may know what");
    case "consent_complete": return t("Everybody has said yes. It is shared now.");
    case "consent_refused": return t("It will not be shared");
    case "consent_withdrawn": return t("A yes has been taken back");
    case "consent_expired":
    case "sharing_ended": return t("The sharing has ended");
    case "consent_ends": return t("A yes soon ends");
    case "waiting_opened": return t("You can follow the wait here");
    case "waiting_news":
    case "waiting_check_in": return t("Something new about the wait");
    case "measure_offered": return t("Support you can get now");
    case "measure_follow_up": return t("Time to see how the support works");
    default: return t("Something new");
  }
}

/** Of what is to come: once it was held or called off, the news of that stands in its place. */
const TO_COME = /^meeting_(invited|moved|answer|week|day|hour)$/;

/** False for what asks for, or announces, something that is over. */
export function stillHolds(app: App, { kind, doc = "" }: Notified): boolean {
  if (TO_COME.test(kind)) return (app.one<Meeting>("meeting", doc).value?.state ?? "invited") === "invited";
  const asked = kind === "consent_asked" ? app.one<Consent>("consent", doc).value : undefined;
  return !asked || (asked.state === "asked" && !asked.answer);
}

export function noticeIcon(about: string | undefined): IconName {
  switch (about) {
    case "meeting": return "calendar";
    case "message": return "message";
    case "contact_request": return "phone";
    case "consent": return "share-with";
    case "waiting":
    case "support_measure": return "trail";
    case "voice": return "note";
    case "coordinator": return "person";
    case "child": return "heart";
    default: return "info";
  }
}

/** The page of a document a reminder points at; null when there is none. */
export function placeOf(entity: string, id: string): string | null {
  switch (entity) {
    case "meeting": return `/meetings/${id}`;
    case "message": return `/coordinator/messages?about=${id}`;
    case "child": return `/?about=${id}`;
    case "contact_request":
    case "coordinator":
    case "handover": return `/coordinator?about=${id}`;
    case "consent": return `/sharing/${id}`;
    case "waiting": return `/waiting/${id}`;
    case "support_measure": return `/waiting?about=${id}`;
    case "voice": return `/meetings?about=${id}`;
    default: return null;
  }
}

/** Marks what has been read, once each. */
export function markRead(app: App, notices: readonly Notified[]): void {
  const sent = new Set(app.outbox.peek().filter((item) => item.name === "notice.read").map((item) => item.args["notice"]));
  for (const notice of notices)
    if (!notice.read && !sent.has(notice.id)) app.send("notice.read", { notice: notice.id }).catch(() => undefined);
}
