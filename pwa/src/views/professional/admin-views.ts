/** The pages of those who look after units and their people: a chunk of its own, since few need them. */
import "../staff/pages"; // As in door.ts.
export { Import } from "./import";
export { LeaderLeaves, Leaders } from "./leaders";
export { InviteStaff, NewcomerView } from "./newcomers";
export { OnTheirWayHere } from "./on-their-way";
export { Leaver, People } from "./people";
export { StaffList } from "./staff-list";
