/** The pages of those who give advice: times and open hours of their own. */
import "../staff/index"; // As in door.ts.
export { OpenHourNew } from "./open-hour-new";
export { SlotsIll } from "./slots-ill";
export { Slots } from "../staff/slots";
