/** What those have who sit in a team, lead its area, or have raised something. */
import "../staff/pages"; // As in door.ts.
export { TeamPage } from "../staff/team";
export { TeamCaseView } from "../staff/team-case";
