/** What one can be told of, in the few groups a person thinks in, and the ways it can come. */
import { t } from "../i18n";
import type { Doc } from "../state/api";
import type { IconName, RoleKind } from "../ui";

/** How a notice comes. */
export type Way = "push" | "email" | "sms" | "in_app" | "none";
/** A way that needs an address of one's own. */
export type Channel = "email" | "sms";

/** An address for notices. Only a confirmed one is used. */
export interface Address { address: string; state: "sending" | "sent" | "failed" | "confirmed"; until?: string; left?: number }

export interface SettingsDoc extends Doc {
  /** Absent until one is chosen. */
  language?: string;
  quiet_from?: string;
  quiet_to?: string;
  /** Absent: as the role has it. */
  quiet_weekends?: boolean;
  /** A kind that is not here is pushed. */
  kinds?: Readonly<Record<string, Way>>;
  addresses?: Readonly<Partial<Record<Channel, Address>>>;
}

/** Kinds one chooses a way for together. A kind that is new in the server is pushed until it stands here. */
export interface Group { key: string; label: () => string; hint: () => string; icon: IconName; kinds: readonly string[] }

const MEETINGS = ["invited", "answer", "moved", "cancelled", "new_time", "week", "day", "hour", "held", "declined", "follow_up", "late"].map((what) => `meeting_${what}`);
const SHARING = ["consent_asked", "consent_opened", "consent_complete", "consent_refused", "consent_withdrawn", "consent_ends", "consent_expired", "sharing_ended"];

const AROUND_A_CHILD: readonly Group[] = [
  { key: "meetings", icon: "calendar", label: () => t("Meetings and changed times"), hint: () => t("Invitations, new times, and the day before"), kinds: [...MEETINGS, "voice_released"] },
  { key: "answers", icon: "message", label: () => t("When you have got an answer"), hint: () => t("Calls, messages, and when an answer is late"), kinds: ["contact_answered", "contact_tried", "contact_late", "contact_escalated", "message_new", "coordinator_named", "coordinator_changed", "child_closed"] },
  { key: "waiting", icon: "trail", label: () => t("While you wait"), hint: () => t("News about the wait, and support on the way"), kinds: ["waiting_opened", "waiting_news", "waiting_check_in", "measure_offered", "measure_follow_up"] },
  { key: "sharing", icon: "share-with", label: () => t("Questions about sharing"), hint: () => t("When somebody asks, and when a yes ends"), kinds: SHARING },
];

const AT_WORK: readonly Group[] = [
  {
    key: "promises", icon: "phone", label: () => t("Promises to families"), hint: () => t("New, soon due, late, and when somebody is not reached"),
    kinds: ["contact_new", "contact_due", "contact_late", "contact_escalated", "contact_withdrawn", "message_new", "not_reached", "waiting_worse"],
  },
  { key: "meetings", icon: "calendar", label: () => t("Meetings"), hint: () => t("Invitations, answers, new times, and the day before"), kinds: [...MEETINGS, "voice_released"] },
  {
    key: "advice", icon: "video", label: () => t("Times for advice"), hint: () => t("Bookings, open hours, and places in line"),
    kinds: [
      ...["tomorrow", "soon", "changed", "withdrawn", "outcome", "feedback"].map((what) => `booking_${what}`), "slot_booked", "slot_released", "slot_offered", "slot_offer_gone",
      ...["begins", "next", "turn", "missed", "closed"].map((what) => `open_hour_${what}`),
    ],
  },
  { key: "sharing", icon: "share-with", label: () => t("Sharing and follow-up"), hint: () => t("Answers to a question, check-ins, and support"), kinds: [...SHARING, "waiting_check_in", "waiting_check_in_late", "measure_follow_up"] },
  {
    key: "together", icon: "people", label: () => t("Work together"), hint: () => t("Term meetings, tasks, and the contact list"),
    kinds: [...["planned", "moved", "cancelled", "answer", "six_weeks", "two_weeks", "day", "hour", "minutes"].map((what) => `term_${what}`), "task_new", "task_due", "team_raised", "team_scheduled", "directory_stale", "successor", "stand_in", "stand_in_ended", "taken_over"],
  },
];

/** The groups of a role. */
export function groupsFor(role: RoleKind): readonly Group[] {
  return role === "staff" ? AT_WORK : AROUND_A_CHILD;
}

/** The way that all kinds of a group have; null when they differ. */
export function wayOf(group: Group, settings: SettingsDoc | undefined): Way | null {
  const ways = new Set(group.kinds.map((kind) => settings?.kinds?.[kind] ?? "push"));
  return ways.size === 1 ? [...ways][0]! : null;
}

/** The way in a few words. */
export function wayWords(way: Way | null): string {
  switch (way) {
    case "push": return t("As a reminder");
    case "email": return t("By e-mail");
    case "sms": return t("By text message");
    case "in_app": return t("Only in Samled");
    case "none": return t("Not at all");
    case null: return t("In different ways");
  }
}
