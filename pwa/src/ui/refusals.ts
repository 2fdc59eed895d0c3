/** The server's words for "no", in plain language: what happened, and what one can do. */
import { t } from "../i18n";

/** Words for a refusal's code. Unknown codes get the general words. */
export function refusalWords(code: string): string {
  switch (code) {
    case "taken": return t("Someone else was first. Choose another time.");
    case "too_late": return t("It is too late to change this.");
    case "conflict": return t("This has changed since you wrote. Look at it and try again.");
    case "consent_required": return t("The family has not said yes to this.");
    case "assurance_required": return t("Sign in with e-ID to do this.");
    case "identifying_text": return t("The text says who it is about. Take that away and try again.");
    case "too_many":
    case "rate_limited": return t("That was many tries in a short time. Wait a little.");
    case "not_found":
    case "not_allowed": return t("This is not shared with you any longer.");
    case "invalid": return t("Something is missing or wrong. Look through what you wrote.");
    case "scope_lost": return t("This is not shared with you any longer. What you wrote is kept here.");
    case "too_old": return t("You wrote this long ago. Look through it before you send it.");
    case "too_long": return t("The text is too long to send.");
    case "storage": return t("The phone is full. What you wrote could not be saved.");
    case "stuck": return t("This device saves nothing right now. What you write is gone when you close the app.");
    case "locked": return t("The app is locked. Unlock it first.");
    case "unknown_command": return t("This needs a newer version of the app.");
    default: return t("It could not be sent. The fault is ours, not yours. What you wrote is still here.");
  }
}

/** Refused for what it says: the very same would be refused again. */
const FOR_GOOD = "taken too_late conflict identifying_text not_found not_allowed invalid too_long";

/** Whether the same command may do better another time. */
export const mayRetry = (code: string | undefined): boolean => !code || !FOR_GOOD.split(" ").includes(code);

/** Words for one field's code. */
export function fieldWords(code: string): string {
  switch (code) {
    case "required": return t("Fill this in");
    case "too_long": return t("Write a shorter text");
    case "past": return t("Choose a time that is still to come");
    case "identifying": return t("Take away what says who it is about");
    default: return t("Check what you wrote here");
  }
}

/** Words for every field of a refusal, ready for a form's `fail`. */
export function fieldErrors(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, code]) => [name, fieldWords(code)]));
}
