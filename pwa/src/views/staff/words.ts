/** What the codes of the model are called on staff pages. */
import { N_, lang, t } from "../../i18n";
import { namesHidden, shownName } from "../../ui";
import type { ContactRequest } from "./model";

type Words = Readonly<Record<string, string>>;
/** The words for a code; the code itself when the server is newer than the app. */
const say = (words: Words) => (code: string): string => t(words[code] ?? code);
/** All of them, to choose from. */
export const choices = (words: Words): { value: string; label: string }[] => Object.entries(words).map(([value, label]) => ({ value, label: t(label) }));

/** A label inside a sentence. */
export const small = (words: string): string => words.charAt(0).toLocaleLowerCase(lang.value) + words.slice(1);
/** "Maria, Johan och Karin". */
export const listed = (names: readonly string[]): string => new Intl.ListFormat(lang.value, { style: "long", type: "conjunction" }).format(names);

const REASONS: Words = {
  worried: N_("Worried"), worse: N_("It has become worse"), question: N_("A question"), school: N_("About school"),
  meeting: N_("About a meeting"), waiting: N_("About the wait"), other: N_("Something else"), advice: N_("Wants advice"),
  handover: N_("About a handover"), collaboration: N_("About working together"),
};
export const reasonWords = say(REASONS);

const GOOD_TIMES: Words = { morning: N_("morning"), midday: N_("midday"), afternoon: N_("afternoon"), evening: N_("evening") };
export const goodTimes = (request: ContactRequest): string => (request.good_times ?? []).map(say(GOOD_TIMES)).join(", ");

const OUTCOMES: Words = { talked: N_("You talked"), written: N_("You wrote"), meeting_booked: N_("A meeting was booked"), tried: N_("Tried") };
export const outcomeWords = say(OUTCOMES);
/** The same in the words of the one who did it. */
export const DID: Words = { talked: N_("We talked"), written: N_("I wrote"), meeting_booked: N_("We booked a meeting"), tried: N_("I tried, nobody answered") };
export const didWords = say(DID);

export const MEETING_KINDS: Words = {
  first_contact: N_("First contact"), network: N_("Network meeting"), sip: N_("SIP meeting"), team_follow_up: N_("Follow-up after the team"),
  placement: N_("Meeting about a placement"), young_talk: N_("Talk with the young person"),
};
export const meetingKind = say(MEETING_KINDS);
/** The meeting's own title, else its kind. */
export const meetingTitle = (meeting: { title?: string; kind: string }, childName?: string): string => masked(meeting.title ?? meetingKind(meeting.kind), childName);

/** Words somebody wrote, with the child's name as an initial while names are hidden. */
export function masked(text: string, childName: string | undefined): string {
  return childName && namesHidden.value ? text.replaceAll(childName, shownName(childName)) : text;
}

const ANSWERS: Words = { none: N_("No answer yet"), yes: N_("Comes"), no: N_("Cannot come"), digital: N_("Takes part by link"), phone: N_("Takes part by phone"), substitute: N_("Sends a substitute") };
export const answerWords = say(ANSWERS);

const CANCELLED: Words = { illness: N_("Illness"), cannot_gather: N_("Could not gather everybody"), family_wish: N_("The family's wish"), closed: N_("The coordination has ended"), other: N_("Something else") };
export const reasonLate = say(CANCELLED);

const TAKE_PART: Words = {
  in_person: N_("In the room"), video: N_("By video"), sound_only: N_("With sound only"), phone: N_("By phone"),
  part_of_meeting: N_("Part of the meeting"), written: N_("In writing"), spokesperson: N_("Through somebody else"), not_attending: N_("Not there"),
};
export const takePart = say(TAKE_PART);

export const PURPOSES: Words = {
  coordination: N_("Coordinate the support"), meeting: N_("Meet together"), sip: N_("Make a joint plan (SIP)"), team: N_("Raise it in the team"),
  handover: N_("Hand over"), feedback: N_("Tell the school what came out"), ask_for_us: N_("Ask on the family's behalf"),
};
export const purposeWords = say(PURPOSES);

export const INFORMATION: Words = {
  child: N_("Who the child is and who the coordinator is"), meeting: N_("Meetings"), waiting: N_("Waiting and support meanwhile"),
  measure: N_("Support meanwhile"), voice: N_("The young person's own words"), handover: N_("Handovers"), team: N_("Questions to the team"),
};
export const informationWords = say(INFORMATION);
/** The same inside a sentence. */
export const informationSmall = (code: string): string => small(informationWords(code));

const CONSENT_STATES: Words = {
  asked: N_("Waiting for answers"), complete: N_("Everybody said yes"), refused: N_("Somebody said no"), withdrawn: N_("Withdrawn"), expired: N_("Has ended"),
};
export const consentState = say(CONSENT_STATES);
const CONSENT_ANSWERS: Words = { yes: N_("Yes"), yes_without_name: N_("Yes, without the name"), no: N_("No") };
export const consentAnswer = say(CONSENT_ANSWERS);

export const WAITS: Words = { first_visit: N_("First visit"), assessment: N_("Assessment"), treatment: N_("Treatment") };
export const waitWords = say(WAITS);
export const BASES: Words = {
  referral_issued: N_("A referral was sent"), contact_sought: N_("The family sought contact"), decision_to_treat: N_("Treatment was decided"),
  changed_mind: N_("The family changed its mind"), manual: N_("Another day"),
};
export const basisWords = say(BASES);
const WAIT_STATES: Words = { waiting: N_("Waiting"), offered: N_("A time is offered"), declined: N_("Said no to a time"), started: N_("Has started"), ended: N_("Ended") };
export const waitState = say(WAIT_STATES);
const WORSE: Words = { sleep: N_("sleep"), eating: N_("eating"), school: N_("school"), home: N_("home"), mood: N_("mood"), safety: N_("safety"), other: N_("something else") };
export const worseWords = (codes: readonly string[]): string => codes.map(say(WORSE)).join(", ");

export const WANTED: Words = {
  who_helps: N_("Who can help"), advice: N_("Advice to us"), joint_plan: N_("Plan together"), home_support: N_("Support at home"), assessment: N_("An assessment"), other: N_("Something else"),
};
export const wantedWords = say(WANTED);

const MEASURE_STATES: Words = { offered: N_("Offered"), running: N_("Running"), done: N_("Done"), stopped: N_("Stopped") };
export const measureState = say(MEASURE_STATES);

export const TOPICS: Words = {
  worry: N_("Worry"), low_mood: N_("Low mood"), sleep: N_("Sleep"), school_absence: N_("School absence"), behaviour: N_("Behaviour"),
  family: N_("Family"), eating: N_("Eating"), where_to_turn: N_("Where to turn"), waiting: N_("While waiting"), other: N_("Something else"),
};
export const topicWords = say(TOPICS);
const MODES: Words = { video: N_("video"), phone: N_("phone") };
export const modeWords = say(MODES);
export const BOOKING_OUTCOMES: Words = {
  advice: N_("Advice was given"), new_time: N_("A new time is needed"), meeting: N_("A meeting is needed"), contact_family: N_("The family is to be contacted"), not_held: N_("It was not held"),
};
export const bookingOutcome = say(BOOKING_OUTCOMES);

export const UNIT_KINDS: Words = {
  school_health: N_("School health"), preschool: N_("Preschool"), primary_care_centre: N_("Primary care centre"),
  youth_mental_health_primary: N_("Primary care for young people's mental health"), youth_clinic: N_("Youth clinic"), rehab_clinic: N_("Rehabilitation"),
  child_psychiatry: N_("Child and adolescent psychiatry"), child_health: N_("Child health centre"), family_centre: N_("Family centre"),
  habilitation: N_("Habilitation"), social_services: N_("Social services"),
};
export const unitKind = say(UNIT_KINDS);
const UNIT_SHORT: Words = {
  school_health: N_("School health"), primary_care_centre: N_("Primary care centre"), youth_mental_health_primary: N_("UPH"),
  rehab_clinic: N_("Rehabilitation"), child_psychiatry: N_("BUP"), social_services: N_("Social services"),
};
/** One word where there is one, for filters. */
export const unitShort = (kind: string): string => t(UNIT_SHORT[kind] ?? UNIT_KINDS[kind] ?? kind);

const FUNCTIONS: Words = { consultant: N_("Gives advice"), buse: N_("BUSE"), sip_trainer: N_("Trains others in SIP"), coordinator: N_("Can coordinate") };
/** What somebody does beside the title; nothing for what the title says already. */
export const functionWords = (codes: readonly string[]): string[] => codes.flatMap((code) => (FUNCTIONS[code] ? [t(FUNCTIONS[code])] : []));

const FAMILY: Words = { guardian: N_("Guardian"), child: N_("The child"), young_person: N_("Young person"), supporter: N_("Supporter"), staff: N_("Professional") };
export const kindWords = say(FAMILY);

/** "A, vårdnadshavare": who is who where answers are noted, also while names are hidden. Two who would look the same get their names (`named`). */
export function whoIsWho(people: readonly { id: string; name: string; kind: string }[]): { called: (id: string) => string; named: boolean } {
  const short = (one: { name: string; kind: string }): string => t("{name}, {relation}", { name: shownName(one.name), relation: kindWords(one.kind).toLocaleLowerCase(lang.value) });
  const named = namesHidden.value && new Set(people.map(short)).size < people.length;
  const words = new Map(people.map((one) => [one.id, named || !namesHidden.value ? one.name : short(one)]));
  return { called: (id) => words.get(id) ?? "", named };
}
const PERSON_STATES: Words = { invited: N_("Invited, has not joined"), joined: N_("Joined, identity not checked"), verified: N_("Joined, identity checked"), here: N_("Joined") };
export const personState = say(PERSON_STATES);

const NOTICES: Words = {
  contact_new: N_("Somebody wants to be called"), contact_due: N_("A promise soon runs out"), contact_escalated: N_("A promise is late and has come to you"),
  contact_late: N_("The answer you were promised is late"), contact_answered: N_("You have got an answer"), contact_tried: N_("Somebody tried to reach you"), contact_withdrawn: N_("A wish to be called was taken back"),
  message_new: N_("A new message"), meeting_invited: N_("You are invited to a meeting"), meeting_moved: N_("A meeting has been moved"), meeting_cancelled: N_("A meeting is cancelled"),
  meeting_answer: N_("A meeting waits for your answer"), meeting_week: N_("A meeting in a week"), meeting_day: N_("A meeting tomorrow"), meeting_hour: N_("A meeting soon"),
  meeting_new_time: N_("Somebody asks for another time"), meeting_declined: N_("Somebody cannot come to a meeting"), meeting_late: N_("A meeting is later than it should be"),
  meeting_follow_up: N_("A follow-up is due"), meeting_held: N_("Notes from a meeting"), voice_released: N_("The young person has written for a meeting"),
  consent_complete: N_("Everybody said yes to sharing"), consent_refused: N_("Somebody said no to sharing"), consent_withdrawn: N_("A sharing was withdrawn"),
  consent_expired: N_("A sharing has ended"), consent_opened: N_("Something was shared with you"), sharing_ended: N_("A sharing has ended"), consent_ends: N_("A sharing ends soon"),
  waiting_worse: N_("It has become worse for a child"), waiting_check_in: N_("It is time to ask how it is going"), waiting_check_in_late: N_("A check-in is late"),
  measure_follow_up: N_("Support is to be followed up"), slot_booked: N_("Somebody booked a time with you"), slot_released: N_("A booking was given back"),
  booking_withdrawn: N_("Your booked time was withdrawn"), booking_outcome: N_("Notes from a consultation"), booking_tomorrow: N_("A consultation tomorrow"),
  booking_soon: N_("A consultation soon"), booking_feedback: N_("It is time to give feedback"), successor: N_("You have taken over something"), stand_in: N_("You stand in for a colleague"), stand_in_ended: N_("You do not stand in for a colleague any more"), taken_over: N_("Somebody else has taken over from you"), team_raised: N_("Something was raised to the team"), team_scheduled: N_("The team has set a day for what you raised"), not_reached: N_("Somebody has not been reached. Call instead."),
  consent_asked: N_("A question about sharing"), booking_changed: N_("A booked time has changed"), slot_offered: N_("A time is kept for you"), slot_offer_gone: N_("The time that was kept for you is gone"),
  open_hour_begins: N_("The open hour begins. You have a place in line."), open_hour_next: N_("You are next in line"), open_hour_turn: N_("It is your turn now"),
  open_hour_missed: N_("The open hour ended before your turn"), open_hour_closed: N_("An open hour is no longer held"),
  term_planned: N_("A term meeting is planned"), term_moved: N_("A term meeting has been moved"), term_cancelled: N_("A term meeting is cancelled"), term_answer: N_("A term meeting waits for your answer"),
  term_six_weeks: N_("A term meeting in six weeks"), term_two_weeks: N_("A term meeting in two weeks"), term_day: N_("A term meeting tomorrow"), term_hour: N_("A term meeting soon"), term_minutes: N_("Notes from a term meeting"),
  task_new: N_("There is something new to do"), task_due: N_("Something is to be done by today"), directory_stale: N_("A contact is to be checked"),
};
export const noticeWords = (kind: string): string => t(NOTICES[kind] ?? N_("Something new"));
