/** What every professional opens, by the names that the routes use: one file, which is much smaller than many. */
import "./index"; // Comes before, and shares its pieces: as in door.ts.
import "./invitation-card"; // Two of the groups have it.
export { Advice } from "./advice";
export { Away } from "./away";
export { BookingView } from "./booking";
export { ChildView } from "./child";
export { ChildOpen } from "./child-open";
export { Children } from "./children";
export { ConsentView } from "./consent";
export { MeasureNew, MeasureView } from "./measure";
export { MeetingView } from "./meeting";
export { Notices } from "./notices";
export { RequestView } from "./request";
export { OpenMessage, OpenVoice } from "./resolve";
export { TeamRaise } from "./team-raise";
export { WaitingNew, WaitingView } from "./waiting";
export { Wishes } from "./wish";
export { AskFunction } from "../professional/ask";
export { AskedView } from "../professional/asked";
export { ContactView } from "../professional/contact";
export { Contacts } from "../professional/contacts";
export { OpenHours, OpenHourView } from "../professional/open-hours";
export { Tasks } from "../professional/tasks";
export { TermView } from "../professional/term";
export { Terms } from "../professional/terms";
export { UnitView } from "../professional/unit";
