/** The pages of those who lead an area. */
import "../staff/pages"; // As in door.ts.
export { Overview } from "./overview";
export { TeamForm } from "./team-form";
export { TermDates } from "./term-dates";
export { TermLead } from "./term-lead";
export { TermMinutes } from "./term-minutes";
export { TermMove, TermPlan } from "./term-plan";
export { TermsToLead } from "./today-lead";
