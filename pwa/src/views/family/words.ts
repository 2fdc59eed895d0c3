/** What the documents' codes are called for families. Nothing here is a term of the trade. */
import { shortDate, time } from "../../dates";
import { dir, isolated, lang, t } from "../../i18n";
import type { Consent, Measure, Meeting, UnitRef, Waiting } from "./docs";

/** "Maria" from "Maria Ekdahl". */
export const first = (name: string | undefined): string => (name ?? "").trim().split(/\s+/)[0] ?? "";

/** What somebody of a family is to a child, when it is written before the name. */
const RELATIONS = new Set("mamma pappa moster faster morbror farbror mormor morfar farmor farfar storasyster storebror syster bror tant mum dad aunt uncle grandma grandpa ماما بابا خالة خالتي عمة عمتي خال خالي عم عمي جدة جدتي جد جدي".split(" "));

/** "Anna" from "Anna Ek", but "Moster Leyla" as it is: without the name it would be nobody. */
export const greeted = (name: string | undefined): string => (RELATIONS.has(first(name).toLocaleLowerCase("sv")) ? (name ?? "").trim() : first(name));

/** "Anna, Omar och Johan". Each name by itself, so that the words between them follow the language and not the names. */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat(lang.value, { style: "long", type: "conjunction" }).format(names.map(isolated));
}

/** "Skolkurator, Lillåns skola": what there is of it, with the comma of the language, each in its own direction. */
export function commas(parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part): part is string => Boolean(part)).map(isolated).join(dir.value === "rtl" ? "، " : ", ");
}

/** "Elsas samordnare"; names that already end in s, x or z take nothing in Swedish. As everywhere here, a child without
 *  a name is the reader, who is spoken to. */
export function relationWords(child: string): string {
  if (!child) return t("Your coordinator");
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
    case "closed": return t("Our contact has come to an end.");
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
    case "assessment": return name ? t("{name} gets a time for the assessment", { name }) : t("You get a time for the assessment");
    case "treatment": return name ? t("{name} begins treatment", { name }) : t("You begin treatment");
    default: return name ? t("{name} gets a first time", { name }) : t("You get a first time");
  }
}

/** Whether it is on offer, goes on already, or some of each. */
export function supportTitle(measures: readonly Measure[]): string {
  const offered = measures.some((one) => one.state === "offered"), running = measures.some((one) => one.state === "running");
  if (offered !== running) return offered ? t("Support you can get now") : t("Support that goes on");
  return t("Support meanwhile");
}

/** The language of an interpreter, named in the reader's own when it is one that the child's family speaks. */
export function interpreterWords(booked: string, languages: readonly string[]): string {
  const named = (code: string, into: string): string => new Intl.DisplayNames(into, { type: "language" }).of(code) ?? "";
  const code = languages.find((one) => named(one, "sv").toLowerCase() === booked.trim().toLowerCase());
  return code ? named(code, lang.value) : booked;
}

/** From what the wait is counted. */
export function basisWords(basis: string): string {
  switch (basis) {
    case "referral_issued": return t("The request for help was sent");
    case "contact_sought": return t("Help was asked for");
    case "decision_to_treat": return t("It was decided on treatment");
    case "changed_mind": return t("An earlier time was asked for");
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
    case "meeting": return name ? t("May {units} come to meetings about {name}?", { units, name }) : t("May {units} come to meetings about you?", { units });
    case "sip": return name ? t("May {units} help to plan for {name}?", { units, name }) : t("May {units} help to plan with you?", { units });
    case "team": return name ? t("May {units} talk about {name} as a group?", { units, name }) : t("May {units} talk about you as a group?", { units });
    case "handover": return name ? t("May {units} know what is needed to go on with {name}?", { units, name }) : t("May {units} know what is needed to go on with you?", { units });
    case "feedback": return name ? t("May {units} tell the school how it goes for {name}?", { units, name }) : t("May {units} tell the school how it goes for you?", { units });
    case "ask_for_us": return t("May we ask {units} for you?", { units });
    default: return name ? t("May {units} know how {name} is?", { units, name }) : t("May {units} know how you are?", { units });
  }
}

/** The question in one line, where the units stand beside it. */
export function shortQuestion(purpose: string, name: string): string {
  switch (purpose) {
    case "meeting": return t("May they come to meetings?");
    case "sip": return t("May they help to plan?");
    case "team": return name ? t("May they talk about {name} as a group?", { name }) : t("May they talk about you as a group?");
    case "handover": return t("May they know what they need to go on?");
    case "feedback": return t("May they tell the school how it goes?");
    case "ask_for_us": return t("May we ask them for you?");
    default: return name ? t("May they know how {name} is?", { name }) : t("May they know how you are?");
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
    case "child": return name ? t("That {name} has a coordinator, and who it is", { name }) : t("That you have a coordinator, and who it is");
    case "meeting": return t("Meetings they are invited to");
    case "waiting": return name ? t("What {name} waits for, and the support meanwhile", { name }) : t("What you wait for, and the support meanwhile");
    case "measure": return name ? t("The support that {name} gets now", { name }) : t("The support that you get now");
    case "voice": return name ? t("What {name} chooses to say before a meeting", { name }) : t("What you choose to say before a meeting");
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
