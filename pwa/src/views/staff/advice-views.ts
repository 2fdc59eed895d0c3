/** The pages of consultations: fetched when first asked for. */
export { Advice } from "./advice";
export { BookingView } from "./booking";
export { Slots } from "./slots";
export { Wishes } from "./wish";
