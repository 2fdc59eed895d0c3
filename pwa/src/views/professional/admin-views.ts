/** The pages of those who look after units and their people: a chunk of its own, since few need them. */
import "../staff/index"; // As in door.ts.
export { Import } from "./import";
export { InviteStaff, NewcomerView } from "./newcomers";
export { Leaver, People } from "./people";
export { StaffList } from "./staff-list";
