/** The pages of those who lead the work around a child: what they plan, ask, note and write. */
import "../staff/pages"; // As in door.ts.
export { ChildClose } from "../staff/child-close";
export { ChildPeople } from "../staff/child-people";
export { ChildProtect } from "../staff/child-protect";
export { ConsentAsk } from "../staff/consent-ask";
export { ConsentSpoken } from "../staff/consent-spoken";
export { FamilyPersonView } from "../staff/person";
export { Invite } from "../staff/invite";
export { MeetingHold } from "../staff/meeting-hold";
export { MeetingMove } from "../staff/meeting-move";
export { MeetingPeople } from "../staff/meeting-people";
export { MeetingPlan } from "../staff/meeting-plan";
export { Thread } from "../staff/thread";
