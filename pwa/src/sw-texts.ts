/** The words of a reminder whose own words could not be read; the build gives them to the service worker. */
import { N_ } from "./i18n";

export const NEUTRAL = N_("You have something new to read.");
