/** What everybody has besides their role's pages: one file. */
import "./shell"; // They come after it and share its pieces: named here, those lie in one file instead of many.
export { Install } from "./install";
export { Leaving } from "./leaving";
export { Outbox } from "./outbox";
export { Settings } from "./settings";
export { ReminderPage } from "./settings-reminders";
