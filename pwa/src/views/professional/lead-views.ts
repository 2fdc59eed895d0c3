/** The pages of those who lead an area. */
import "../staff/index"; // As in door.ts.
export { Overview } from "./overview";
export { TeamForm } from "./team-form";
export { TermDates } from "./term-dates";
export { TermMinutes } from "./term-minutes";
export { TermMove, TermPlan } from "./term-plan";
