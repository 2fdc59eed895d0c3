/** What a command is called in the list of unsent things. */
import { t } from "../i18n";

/** A few words for a command; the general ones for those without their own. */
export function commandWords(name: string): string {
  switch (name) {
    case "contact.request": return t("A wish to be called");
    case "contact.answer": return t("A note that you have answered");
    case "message.send": return t("A message");
    case "meeting.respond": return t("Your answer to a meeting");
    case "meeting.check_in": return t("That you have come to a meeting");
    case "meeting.ask_new_time": return t("A wish for another time");
    case "meeting.propose":
    case "meeting.invite": return t("An invitation to a meeting");
    case "meeting.move": return t("A new time for a meeting");
    case "meeting.cancel": return t("That a meeting is cancelled");
    case "meeting.hold":
    case "meeting.amend": return t("Notes from a meeting");
    case "voice.release": return t("Your words for a meeting");
    case "voice.take_back": return t("That you take back your words");
    case "consent.answer": return t("Your answer about sharing");
    case "consent.withdraw": return t("That you stop sharing");
    case "consent.ask": return t("A question about sharing");
    case "consent.record": return t("A spoken yes or no that you noted");
    case "waiting.worse": return t("That it has become worse");
    case "waiting.check_in": return t("A note of how it is going");
    case "slot.book": return t("A booking of a time");
    case "slot.publish": return t("Times that can be booked");
    case "slot.release": return t("That you do not need a time");
    case "booking.outcome": return t("What came out of a consultation");
    case "team.raise": return t("A question to the team");
    case "term.respond": return t("Your answer to a term meeting");
    case "handover.propose":
    case "handover.accept":
    case "handover.complete": return t("A handover");
    case "handover.agree": return t("Your answer to a handover");
    case "settings.change": return t("Changed settings");
    case "push.subscribe":
    case "push.unsubscribe": return t("Reminders on this device");
    default: return t("Something you did");
  }
}
