/** What functions, states and answers are called. */
import { N_, t, tn } from "../../i18n";
import { capital, daysBetween, fullDate, timeRange, today } from "../../dates";
import type { IconName } from "../../ui";
import type { FunctionContact, Task, TermMeeting } from "./model";

type Words = Readonly<Record<string, string>>;

export const FUNCTIONS: Words = {
  absence_coordinator: N_("Coordinator for school absence"), buse: N_("BUSE"), care_coordinator: N_("Care coordinator"), child_health_nurse: N_("Child health nurse"),
  consultant: N_("Consultant"), coordinator: N_("Coordinator"), counsellor: N_("Counsellor"), dietitian: N_("Dietitian"), district_nurse: N_("District nurse"),
  doctor: N_("Doctor"), family_support: N_("Family support"), field_worker: N_("Field worker"), head_teacher: N_("Head teacher"), intake: N_("First contact"),
  midwife: N_("Midwife"), nurse: N_("Nurse"), open_preschool: N_("Open preschool"), physiotherapist: N_("Physiotherapist"), psychiatrist: N_("Psychiatrist"),
  psychologist: N_("Psychologist"), rehab_coordinator: N_("Rehabilitation coordinator"), school_doctor: N_("School doctor"), school_psychologist: N_("School psychologist"),
  sip_trainer: N_("SIP trainer"), social_worker: N_("Social worker"), special_educator: N_("Special educator"), speech_therapist: N_("Speech therapist"),
  study_counsellor: N_("Study counsellor"), team_leader: N_("Team leader"), therapist: N_("Occupational therapist"), unit_manager: N_("Unit manager"),
};
/** A function's name; a key the app does not know is shown as words. */
export const functionName = (key: string): string => (FUNCTIONS[key] ? t(FUNCTIONS[key]) : key.replaceAll("_", " "));

const ICONS: Readonly<Record<string, IconName>> = {
  counsellor: "chat", psychologist: "chat", school_psychologist: "chat", consultant: "chat", nurse: "heart", district_nurse: "heart", child_health_nurse: "heart",
  midwife: "heart", doctor: "heart", school_doctor: "heart", psychiatrist: "heart", therapist: "moon", social_worker: "people", family_support: "people",
  intake: "phone", team_leader: "flag", unit_manager: "flag", head_teacher: "flag", buse: "hand", coordinator: "person", care_coordinator: "person",
};
export const functionIcon = (key: string): IconName => ICONS[key] ?? "directory";

export const isStale = (one: FunctionContact): boolean => today() > one.check_after;
/** "Bekräftad för 12 dagar sedan". */
export function confirmedWords(one: FunctionContact): string {
  const days = daysBetween(one.confirmed_on, today());
  return days <= 0 ? t("Confirmed today") : tn("Confirmed {n} day ago", "Confirmed {n} days ago", days);
}
export function gapWords(gap: readonly string[]): string {
  return gap.includes("holder") ? t("Nobody holds it") : gap.includes("deputy") ? t("No deputy") : "";
}

const ANSWERS: Words = { none: N_("No answer yet"), yes: N_("Comes"), no: N_("Cannot come"), digital: N_("Takes part by video"), substitute: N_("Sends a substitute") };
export const answerWords = (code: string): string => t(ANSWERS[code] ?? code);

const STATES: Words = { draft: N_("Not sent yet"), planned: N_("Planned"), held: N_("Held"), cancelled: N_("Cancelled") };
export const stateWords = (code: string): string => t(STATES[code] ?? code);

const TASKS: Words = {
  directory: N_("Check that a contact is still right"), term_action: N_("Promised at a term meeting"), plan_term: N_("Plan the term meeting"), other: N_("Something to do"),
};
export const taskWords = (one: Task): string => one.what ?? t(TASKS[one.kind] ?? one.kind);

const AVOID: Words = {
  sports: N_("That is in the winter break"), easter: N_("That is in the Easter break"), summer: N_("That is in the summer break"), autumn: N_("That is in the autumn break"),
  christmas: N_("That is in the Christmas break"), weekend: N_("That is at a weekend"), holiday: N_("That is a public holiday"),
};
export const avoidWords = (code: string): string => t(AVOID[code] ?? N_("Many are away then"));

/** "HT 2026" → "hösten 2026"; anything else as it is. */
export function termWords(term: string): string {
  const [half, year] = term.split(" ");
  return half === "HT" ? t("autumn {year}", { year: year ?? "" }) : half === "VT" ? t("spring {year}", { year: year ?? "" }) : term;
}
/** "Terminsmöte, våren 2027", or the network's name: "BUSE-nätverket, våren 2027". */
export function meetingWords(one: { term: string; network?: "buse" }): string {
  const term = termWords(one.term);
  return one.network ? t("The BUSE network, {term}", { term }) : t("Term meeting, {term}", { term });
}
/** "2026-W47" → "v. 47". */
export const weekShort = (week: string): string => t("w. {n}", { n: Number(week.slice(-2)) });

/** "Torsdag 3 december 13.00–15.00". */
export const whenWords = (one: TermMeeting): string => `${capital(fullDate(one.starts_at))} ${timeRange(one.starts_at, one.minutes)}`;
/** One's own answer to a term meeting, also while it is on its way. */
export const ownAnswer = (one: TermMeeting, seat: string | undefined): string | undefined => one.answer ?? one.participants.find((person) => person.who === seat)?.answer;
