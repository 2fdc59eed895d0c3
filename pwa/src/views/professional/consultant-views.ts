/** The pages of those who give advice: times and open hours of their own. */
import "../staff/pages"; // As in door.ts.
export { OpenHourLine } from "./open-hour-line";
export { OpenHourNew } from "./open-hour-new";
export { SlotsIll } from "./slots-ill";
export { BookingOutcome } from "../staff/booking-outcome";
export { Slots } from "../staff/slots";
