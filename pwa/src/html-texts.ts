/** The texts that stand in index.html itself, for the catalogs; the build puts the Swedish ones in. */
import { N_ } from "./i18n";

export const HTML_TEXTS: readonly string[] = [
  N_("Samled needs JavaScript, and it is turned off in this browser."),
  N_("In danger: call 112. Advice about care: call 1177."),
];
