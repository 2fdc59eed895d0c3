/** The documents a family member sees, as the server projects them. Absent fields are left out. */
import type { Doc } from "../../state/api";

export interface Child extends Doc {
  display_name: string;
  age_band: string;
  languages?: string[];
  interpreter?: string;
  /** What the family was told when it ended. */
  last_word?: string;
}

export interface Coordinator extends Doc {
  child: string;
  since: string;
  unit_name: string;
  unit_phone?: string;
  /** Working days within which a wish to be called is answered. */
  promise_days: number;
  name?: string;
  title?: string;
  phone?: string;
  /** As the person wrote it: "vardagar 8–15". */
  reach_hours?: string;
  away_until?: string;
  deputy?: { name: string; phone?: string; title?: string };
  state?: "being_named";
  answers_by?: string;
}

export interface ContactRequest extends Doc {
  child: string;
  reason: string;
  text: string;
  asked_at: string;
  due_on: string;
  due_at: string;
  promise_days: number;
  state: "open" | "answered" | "withdrawn";
  callback_phone?: string;
  good_times?: string[];
  answered_at?: string;
  answered_by?: string;
  outcome?: string;
  note?: string;
  tried_at?: string;
  escalated_at?: string;
  escalated_to?: string[];
}

export interface Message extends Doc {
  child: string;
  thread: string;
  from_family: boolean;
  from_name: string;
  text: string;
  sent_at: string;
  at?: string;
}

export interface Attendee {
  name: string;
  title?: string;
  unit: string;
  unit_name?: string;
  answer: string;
  leads?: boolean;
  substitute_for?: string;
}

export interface Decision {
  what: string;
  who_unit?: string;
  who_unit_name?: string;
  who?: string;
  by_on?: string;
  done?: boolean;
}

export interface Meeting extends Doc {
  child: string;
  kind: string;
  title?: string;
  /** Wall time in Sweden, by which an answer says what it answers. */
  starts_local: string;
  starts_at: string;
  ends_at: string;
  minutes: number;
  place?: string;
  join_url?: string;
  phone_in?: string;
  agenda?: { title: string; minutes?: number; who?: string }[];
  interpreter?: string;
  state: "invited" | "held" | "cancelled";
  /** Absent for somebody who signed in with a typed code only: they see when and where. */
  people?: Attendee[];
  answer: string;
  checked_in?: boolean;
  new_time_asked?: boolean;
  /** Units that were to come and know nothing of it now: nothing is shared with them any more. */
  left_out?: string[];
  held_at?: string;
  child_heard?: string;
  decisions?: Decision[];
  follow_up_on?: string;
  main_responsible_name?: string;
  cancelled_reason?: string;
  /** The young person's only: guardians who are invited too. */
  also_invited?: string[];
  /** The young person's only: who would see the words, for each `Voice.to`. */
  words_reach?: Record<string, string[]>;
}

export interface Voice extends Doc {
  child: string;
  meeting: string;
  take_part: string;
  say: Partial<Record<"good" | "hard" | "want" | "not_want", string>>;
  not_about?: string[];
  to: string;
  read_aloud: boolean;
  released_at: string;
  seen_by?: string[];
  until?: string;
}

export interface UnitRef { unit: string; name: string }

export interface Consent extends Doc {
  child: string;
  purpose: string;
  information_kinds: string[];
  excludes?: string[];
  from_units: UnitRef[];
  to_units: UnitRef[];
  valid_from: string;
  valid_until: string;
  asked_at: string;
  form: string;
  answer?: string;
  answered_at?: string;
  state: "asked" | "shared" | "not_shared";
  withdrawable?: boolean;
  purge?: { devices: number; confirmed: number };
}

export interface Waiting extends Doc {
  child: string;
  unit_name: string;
  what: string;
  start_on: string;
  start_basis: string;
  paused_days?: number;
  target_on: string;
  limit_on: string;
  overdue_after: string;
  queue_fact?: { text: string; dated: string };
  next_check_in_on?: string;
  check_in_by?: string;
  checked_in_on?: string;
  note?: string;
  state: string;
  worse_at?: string;
  worse?: string[];
}

export interface Measure extends Doc {
  child: string;
  title: string;
  unit_name: string;
  contact_function?: string;
  starts_on: string;
  follow_up_on?: string;
  state: string;
  ended_on?: string;
}

export interface Notified extends Doc {
  kind: string;
  /** Empty when it leads nowhere. */
  about?: string;
  doc?: string;
  at: string;
  read?: boolean;
}

export interface AccessEntry extends Doc {
  child: string;
  unit_name: string;
  function: string;
  on: string;
}
