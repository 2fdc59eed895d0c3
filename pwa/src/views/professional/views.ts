/** The pages of this chunk, by the names that the routes use. */
export { AskFunction } from "./ask";
export { AskedView } from "./asked";
export { ContactView } from "./contact";
export { ContactEdit, ContactNew } from "./contact-edit";
export { Contacts } from "./contacts";
export { OpenHourNew } from "./open-hour-new";
export { OpenHours, OpenHourView } from "./open-hours";
export { Overview } from "./overview";
export { SlotsIll } from "./slots-ill";
export { Tasks } from "./tasks";
export { TermDates } from "./term-dates";
export { TermView } from "./term";
export { TermMinutes } from "./term-minutes";
export { TermMove, TermPlan } from "./term-plan";
export { Terms } from "./terms";
export { UnitView } from "./unit";
