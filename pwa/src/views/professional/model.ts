/** The documents these pages read, as the server projects them. Absent fields are left out on the wire. */
import type { Doc } from "../../state/api";

export interface FunctionContact extends Doc {
  unit: string; unit_name: string; function: string; name?: string; title?: string; phone?: string; hours?: string;
  deputy?: { name: string; phone?: string; title?: string }; offers?: string; how_to?: string; municipality?: string; badge?: "buse";
  confirmed_on: string; check_after: string; gap?: string[];
  /** The seat of whoever holds it. */
  holder?: string;
  /** Only in the unit's own room. */
  confirmed_by?: string; deputy_seat?: string; tally?: { week: string; count: number }[];
}

export interface ContactTally extends Doc { unit: string; unit_name: string; function: string; weeks: { week: string; count?: number }[]; total?: number }

export interface Task extends Doc {
  what?: string; kind: "directory" | "term_action" | "plan_term" | "other"; unit?: string; unit_name?: string; area?: string; by_on?: string;
  about?: { entity: string; doc: string }; made_on: string; state: "open" | "done"; done_on?: string; done_by?: string; ticked?: boolean;
}

export type TermAnswer = "none" | "yes" | "no" | "digital" | "substitute";
export interface Participant {
  who: string; name: string; title?: string; unit: string; unit_name?: string; functions?: string[]; answer: TermAnswer; substitute?: string;
  /** To those who lead: since when no way has reached them about the time. */
  not_reached?: string;
}
export interface ActionPoint { what: string; who_unit?: string; who_unit_name?: string; by_on?: string; done?: boolean; task?: string }
export interface TermMeeting extends Doc {
  area: string; term: string; starts_local: string; starts_at: string; ends_at: string; minutes: number; place?: string; join_url?: string;
  agenda?: { title: string; minutes?: number; who?: string }[]; required_functions: string[]; missing_functions: string[];
  participants: Participant[]; sequence: number; state: "draft" | "planned" | "held" | "cancelled"; planned_on?: string;
  promised_last_time?: ActionPoint[]; minutes_text?: string; minutes_at?: string; action_points?: ActionPoint[]; held_at?: string; cancelled_reason?: string;
  proposals?: string[]; answer?: TermAnswer; network?: "buse";
  /** Spans in which many are away; only to those who lead. */
  avoid?: { from: string; to: string; why: string }[];
}
/** The area as its professionals see it: which school terms have days of their own. */
export interface AreaTerms extends Doc {
  name: string; own_terms?: { term: string; starts_on: string; ends_on: string }[]; usual_terms?: Record<"HT" | "VT", [string, string]>;
}

export interface AreaFigures extends Doc {
  counted_on: string; directory: { rows: number; confirmed: number; stale: number; without_holder: number; without_deputy: number };
  units: { all: number; without_buse: number }; functions_missing: string[];
  terms: { term: string; state: string; term_meeting: string; network?: "buse"; invited?: number; yes?: number; no?: number; none?: number }[];
  since?: string;
  /** `unit` is a unit's id, `` for those with few together, or `all`. What is hidden is not there. */
  promises?: { unit: string; unit_name?: string; kept?: number; late?: number; total?: number }[];
  times?: { unit: string; unit_name?: string; used?: number; unused?: number; total?: number }[];
}

export interface OpenHour extends Doc {
  unit: string; unit_name: string; consultant: string; consultant_title: string; weekday: number; at: string; minutes: number;
  mode: "video" | "phone"; topics: string[]; state: "open" | "closed"; session_on: string; starts_local: string; starts_at: string; ends_at: string;
  waiting: number; phone?: string;
}
export interface Place extends Doc {
  open_hour: string; unit_name: string; consultant_title: string; session_on: string; starts_local: string; starts_at: string; minutes: number;
  mode: "video" | "phone"; topic: string; age_band: string; question?: string; state: "waiting" | "called" | "done" | "not_reached";
  ahead?: number; join_url?: string; phone_in?: string; mine?: boolean; consultant?: string; booked_by?: { name: string; title?: string; phone?: string };
}

/** Somebody read from a list or invited, and not here yet. `expires_at` is absent before the first invitation. */
export interface Newcomer extends Doc {
  unit: string; kind: "staff" | "process_lead"; name: string; made_at: string; title?: string; functions?: string[]; phone?: string; leads?: boolean;
  area_name?: string; expires_at?: string;
}
