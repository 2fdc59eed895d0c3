/** What the documents' codes are called for families. Nothing here is a term of the trade. */
import { shortDate, time } from "../../dates";
import { lang, t } from "../../i18n";
import type { Consent, Meeting, UnitRef, Waiting } from "./docs";

/** "Maria" from "Maria Ekdahl". */
export const first = (name: string | undefined): string => (name ?? "").trim().split(/\s+/)[0] ?? "";

/** "Anna, Omar och Johan". */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat(lang.value, { style: "long", type: "conjunction" }).format(names);
}

/** "Elsas samordnare"; names that already end in s, x or z take nothing in Swedish. */
export function relationWords(child: string): string {
  if (!child) return t("Coordinator");
  return /[sxz]$/i.test(child) ? t("Coordinator for {name}", { name: child }) : t("{name}'s coordinator", { name: child });
}

/** What a meeting is called: its own title, else its kind. */
export function meetingTitle(meeting: Meeting): string {
  if (meeting.title) return meeting.title;
  switch (meeting.kind) {
    case "first_contact": return t("A first meeting");
    case "sip": return t("A meeting about a joint plan");
    case "team_follow_up": return t("A follow-up");
    case "placement": return t("A meeting about where to live");
    case "young_talk": return t("A talk");
    default: return t("A joint meeting");
  }
}

/** Why a meeting is cancelled. */
export function cancelledWords(reason: string | undefined): string {
  switch (reason) {
    case "illness": return t("Somebody is ill.");
    case "cannot_gather": return t("Not everybody who is needed can come.");
    case "family_wish": return t("It was the family's wish.");
    default: return "";
  }
}

/** What is waited for, as the page's title says it. */
export function visitWords(waiting: Waiting, date: string): string {
  switch (waiting.what) {
    case "assessment": return t("A time for the assessment at the latest {date}", { date });
    case "treatment": return t("Treatment begins at the latest {date}", { date });
    default: return t("The first visit at the latest {date}", { date });
  }
}

/** The same as a thing that is got. */
export function gotWords(what: string, name: string): string {
  switch (what) {
    case "assessment": return t("{name} gets a time for the assessment", { name });
    case "treatment": return t("{name} begins treatment", { name });
    default: return t("{name} gets a first time", { name });
  }
}

/** From what the wait is counted. */
export function basisWords(basis: string): string {
  switch (basis) {
    case "referral_issued": return t("The request for help was sent");
    case "contact_sought": return t("You asked for help");
    case "decision_to_treat": return t("It was decided on treatment");
    case "changed_mind": return t("You said that you want an earlier time");
    default: return t("The wait is counted from here");
  }
}

/** Where it has become worse. */
export const WORSE = ["sleep", "eating", "school", "home", "mood", "safety", "other"] as const;
export function worseWords(what: string): string {
  switch (what) {
    case "sleep": return t("Sleep");
    case "eating": return t("Eating");
    case "school": return t("School");
    case "home": return t("At home");
    case "mood": return t("Mood");
    case "safety": return t("Safety");
    default: return t("Something else");
  }
}

/** The names of some units: "Skolan och UPH". */
export const unitNames = (units: readonly UnitRef[]): string => listed(units.map((unit) => unit.name));

/** What a consent asks for. */
export function consentQuestion(consent: Consent, name: string): string {
  const units = unitNames(consent.to_units);
  switch (consent.purpose) {
    case "meeting": return t("May {units} come to meetings about {name}?", { units, name });
    case "sip": return t("May {units} help to plan for {name}?", { units, name });
    case "team": return t("May {units} talk about {name} as a group?", { units, name });
    case "handover": return t("May {units} know what is needed to go on with {name}?", { units, name });
    case "feedback": return t("May {units} tell the school how it goes for {name}?", { units, name });
    case "ask_for_us": return t("May we ask {units} for you?", { units });
    default: return t("May {units} know how {name} is?", { units, name });
  }
}

/** The question in one line, where the units stand beside it. */
export function shortQuestion(purpose: string, name: string): string {
  switch (purpose) {
    case "meeting": return t("May they come to meetings?");
    case "sip": return t("May they help to plan?");
    case "team": return t("May they talk about {name} as a group?", { name });
    case "handover": return t("May they know what they need to go on?");
    case "feedback": return t("May they tell the school how it goes?");
    case "ask_for_us": return t("May we ask them for you?");
    default: return t("May they know how {name} is?", { name });
  }
}

/** What a yes is for, in few words. */
export function purposeWords(purpose: string): string {
  switch (purpose) {
    case "meeting": return t("To meet together");
    case "sip": return t("To plan together");
    case "team": return t("To talk as a group");
    case "handover": return t("To go on with the support");
    case "feedback": return t("To tell the school how it goes");
    case "ask_for_us": return t("To ask for you, for 30 days");
    default: return t("To help together");
  }
}

/** What kinds of things are shared, one line each. */
export function kindWords(kind: string, name: string): string {
  switch (kind) {
    case "child": return t("That {name} has a coordinator, and who it is", { name });
    case "meeting": return t("Meetings they are invited to");
    case "waiting": return t("What {name} waits for, and the support meanwhile", { name });
    case "measure": return t("The support that {name} gets now", { name });
    case "voice": return t("What {name} chooses to say before a meeting", { name });
    case "handover": return t("What the next contact needs to know");
    case "team": return t("What the group talks about, and what comes of it");
    default: return t("Something else");
  }
}

/** What one's own yes or no was. */
export function answerWords(answer: string | undefined): string {
  return answer === "yes" ? t("Yes") : answer === "yes_without_name" ? t("Yes, without name") : answer === "no" ? t("No") : t("Not answered");
}

/** "2 dec kl. 14.45". */
export const opensWords = (at: number): string => t("{date} at {time}", { date: shortDate(at), time: time(at) });
