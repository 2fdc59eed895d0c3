/** The documents staff pages read, as the server projects them. Absent fields are left out on the wire. */
import type { Doc } from "../../state/api";

export interface FamilyPerson { relation: string; kind: string; name: string; state: "invited" | "joined" | "verified" }
export interface Colleague { person: string; name: string; title?: string; unit?: string; unit_name?: string }

export interface Child extends Doc {
  display_name: string; age_band: string; languages?: string[]; interpreter?: string; turns_13_on?: string;
  /** Only in the coordinating unit's own room. */
  turns_18_on?: string;
  state?: "open" | "closed"; last_word?: string; protected?: boolean; people?: FamilyPerson[];
}

export interface Coordinator extends Doc {
  child: string; since: string; unit_name: string; promise_days: number; name?: string; title?: string; phone?: string;
  reach_hours?: string; away_until?: string; deputy?: { name: string; phone?: string; title?: string }; state?: "being_named";
  answers_by?: string; unit_phone?: string; person?: string; deputy_person?: string; people?: Colleague[];
}

export interface ContactRequest extends Doc {
  reason: string; text?: string; asked_at: string; due_on: string; due_at: string; promise_days: number;
  state: "open" | "answered" | "withdrawn"; child?: string; callback_phone?: string; good_times?: string[];
  answered_at?: string; answered_by?: string; outcome?: string; note?: string; tried_at?: string; escalated_at?: string;
  escalated_to?: string[]; asked_by?: { name?: string; kind: string; relation?: string; phone?: string; unit_name?: string };
  unit?: string; unit_name?: string; function?: string;
  /** Only to who leads the unit and was told that it is late: whose promise it is, and nothing of who asked. */
  owed_by?: { name: string; title?: string; phone?: string; away_until?: string }[];
}

export interface Message extends Doc {
  child: string; thread: string; from_family?: boolean; from_name: string; text: string; sent_at: string; at?: string;
  thread_name?: string; thread_kind?: string;
}

export interface MeetingAnswer { who: string; name?: string; kind: string; answer: string; at?: string; checked_in?: boolean; substitute?: string }
export interface Decision { what: string; who_unit?: string; who_unit_name?: string; who?: string; by_on?: string; done?: boolean }
export interface Meeting extends Doc {
  child: string; kind: string; title?: string; starts_local: string; starts_at: string; ends_at: string; minutes: number;
  place?: string; join_url?: string; phone_in?: string; agenda?: { title: string; minutes?: number; who?: string }[];
  interpreter?: string; invited_on?: string; due_on?: string; sequence: number;
  state: "draft" | "invited" | "confirmed" | "held" | "cancelled";
  people: { name: string; title?: string; unit: string; unit_name?: string; answer: string; leads?: boolean; substitute_for?: string }[];
  answers?: MeetingAnswer[]; late?: boolean; late_reason?: string; invited?: string[]; staff?: string[];
  new_time_asks?: { who: string; name?: string; text?: string; at: string }[]; limit_on?: string; invited_by?: string;
  held_at?: string; noted_at?: string; child_heard?: string; decisions?: Decision[]; follow_up_on?: string; main_responsible_unit?: string;
  main_responsible_name?: string; cancelled_reason?: string;
  /** Overlaid when one's own answer is on its way. */
  answer?: string;
}

export interface Voice extends Doc {
  child: string; meeting: string; take_part: string; say?: { good?: string; hard?: string; want?: string; not_want?: string };
  not_about?: string[]; to: string; read_aloud?: boolean; released_at: string;
}

export interface ConsentParty { party: string; name: string; kind: string; answer?: string; at?: string; oral?: boolean; excepted?: boolean }
export interface Consent extends Doc {
  child: string; purpose: string; information_kinds: string[]; excludes?: string[]; from_units: UnitRef[]; to_units: UnitRef[];
  valid_from: string; valid_until: string; asked_at?: string; form?: string;
  state?: "asked" | "complete" | "refused" | "withdrawn" | "expired";
  required_parties?: ConsentParty[]; waiting_for?: string[]; without_name?: boolean; completed_at?: string; ended_at?: string;
  exception?: { kind: string; party: string; date: string; reference: string }; recorded_by?: string; people?: Colleague[];
  withdrawable?: boolean; purge?: { devices: number; confirmed: number };
}
export interface UnitRef { unit: string; name: string }

export interface Waiting extends Doc {
  child: string; unit_name: string; what: string; start_on: string; start_basis: string; paused_days?: number; target_on: string;
  limit_on: string; overdue_after?: string; queue_fact?: { text: string; dated: string }; next_check_in_on?: string;
  check_in_by?: string; note?: string; checked_in_on?: string; state: string; for_young?: boolean;
  worse_reports?: { name: string; at: string; what: string[] }[]; worse_at?: string;
}

export interface Measure extends Doc {
  child: string; title: string; unit_name: string; contact_function?: string; starts_on: string; follow_up_on?: string;
  state: "offered" | "running" | "done" | "stopped"; ended_on?: string; for_young?: boolean;
}

export interface Protection extends Doc { child: string; alias: string; set_on: string; set_by: string; set_by_name: string; people: Colleague[] }

export interface Slot extends Doc {
  unit: string; unit_name: string; consultant: string; consultant_title: string; starts_local: string; starts_at: string;
  minutes: number; mode: "video" | "phone"; topics: string[]; state: "open" | "offered" | "booked" | "held" | "withdrawn";
}
export interface Booking extends Doc {
  slot: string; unit_name: string; consultant_title: string; starts_local: string; starts_at: string; minutes: number;
  mode: "video" | "phone"; topic: string; age_band: string; question?: string; confirmed?: string[]; join_url?: string; phone_in?: string;
  state: "booked" | "released" | "withdrawn" | "held"; outcome?: string; feedback_on?: string; mine?: boolean; consultant?: string;
  booked_by?: { name: string; title?: string; phone?: string };
  /** To the consultants: since when the booker has not been reached about a change. */
  not_reached?: string;
}

export interface SlotOffer { slot: string; unit_name: string; consultant_title: string; starts_local: string; starts_at: string; minutes: number; mode: "video" | "phone"; until: string }
export interface SlotWish extends Doc {
  topic: string; age_band: string; made_at: string; state: "waiting" | "offered"; question?: string; confirmed?: string[]; offer?: SlotOffer; until?: string; ahead?: number;
}

export interface Team extends Doc {
  name: string; area: string; units: string[]; members: { person: string; name: string; title: string; unit: string }[]; leaders: string[];
  weekday: number; at: string; minutes: number; every_weeks: number; sessions: string[]; place?: string;
}
/** Without a question it is the stub: that there is a child, whom one may not know of. */
export interface TeamCase extends Doc {
  team: string; basis: "consent" | "without_name"; state: "raised" | "scheduled" | "discussed" | "following" | "closed"; raised_at: string; area: string;
  raised_by?: { name: string; title?: string; phone?: string }; session?: string; question?: string; wanted?: string; age_band?: string;
  child?: string; consent?: string; mine?: boolean; withdrawable?: boolean; consent_over?: boolean;
}

export interface Unit extends Doc { name: string; kind: string; town: string; area: string; phone?: string; hours?: string; offers?: string; closed_days?: string[] }
export interface Staff extends Doc {
  unit: string; name: string; title: string; functions: string[]; phone?: string; reach_hours?: string; away_until?: string; deputy?: string;
  /** Leads the unit: invites to it, and ends somebody's work there. */
  leads?: boolean;
}
export interface NoticeDoc extends Doc { kind: string; doc: string; at: string; read?: boolean; about?: string }
export interface Area extends Doc { name: string; slug: string; promise_days: number }
