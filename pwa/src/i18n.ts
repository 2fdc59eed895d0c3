/**
 * Texts in the person's language. A text is named by its English source; Swedish is the language nothing can be missing in.
 * Own interpolation: the content security policy allows no code made from text.
 */
import { computed, signal } from "@preact/signals";
import { store, stored } from "./stored";

/** What a placeholder may be filled with. */
export type Values = Readonly<Record<string, string | number>>;

/** Names and patterns of dates, from the catalog and not from the browser: browsers lack whole languages. */
export interface DateWords {
  /** Twelve, January first. */
  months: readonly string[];
  months_short: readonly string[];
  /** Seven, Monday first. */
  days: readonly string[];
  days_short: readonly string[];
  today: string;
  tomorrow: string;
  yesterday: string;
  /** `{weekday} {day} {month}` in the language's own order. */
  date: string;
  date_year: string;
  /** `kl. {time}`. */
  at: string;
  time_separator: string;
}

/** One compiled language, as the server's catalog compiler writes it. */
export interface Catalog {
  lang: string;
  dir: "ltr" | "rtl";
  plural: string;
  messages: Readonly<Record<string, string | readonly string[]>>;
  dates: DateWords;
  /** Source texts whose entry in `messages` is Swedish because no translation exists yet. */
  untranslated?: readonly string[];
}

/** A language one can choose, in its own name. */
export interface Language { lang: string; dir: "ltr" | "rtl"; name: string }

/** Address of each language's catalog; filled in by the build. */
declare const __CATALOGS__: Readonly<Record<string, string>>;
/** Address of each language's texts for professionals' pages alone. */
declare const __STAFF_TEXTS__: Readonly<Record<string, string>>;

/** In the order they are offered. The region's document adds none: a language needs its catalog. */
export const LANGUAGES: readonly Language[] = [
  { lang: "sv", dir: "ltr", name: "Svenska" },
  { lang: "en", dir: "ltr", name: "English" },
  { lang: "ar", dir: "rtl", name: "العربية" },
];
const CHOSEN = "samled.lang";

/** True once the person has chosen a language on this page: an account's language does not overrule that. */
export const chosenHere = signal(false);

const catalog = signal<Catalog | null>(null);
/** True once a professional's pages are wanted: every language is then fetched with their texts. */
let staffWanted = false;

/** BCP 47 of the language shown. */
export const lang = computed(() => catalog.value?.lang ?? "sv");
/** Writing direction of the language shown. */
export const dir = computed(() => catalog.value?.dir ?? "ltr");
/** Words for dates; null before a language is loaded. */
export const dateWords = computed(() => catalog.value?.dates ?? null);

const PLURALS: Readonly<Record<string, (n: number) => number>> = {
  one_other: (n) => (n === 1 ? 0 : 1),
  arabic: (n) => {
    if (n <= 2) return n;
    const two = n % 100;
    return two >= 3 && two <= 10 ? 3 : two >= 11 ? 4 : 5;
  },
};

/** First strong isolate … pop: a Latin name keeps its order inside Arabic, and the sentence keeps its own. */
export function isolated(value: string | number): string {
  return typeof value === "string" && dir.value === "rtl" ? `\u2068${value}\u2069` : String(value);
}

/** Replaces `{name}`; an unknown name stays as it is written. */
export function fill(text: string, values?: Values): string {
  if (!values) return text;
  return text.replace(/\{([a-z][a-z0-9_]*)\}/g, (all, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? all : isolated(value);
  });
}

/** The untreated text in the language shown, placeholders and all. In the built app `msgid` is the text's short name (texts.mjs). */
export function lookup(msgid: string): string {
  const found = catalog.value?.messages[msgid];
  return typeof found === "string" ? found : msgid;
}

/** The text in the language shown. `t("Call {name}", { name })` */
export function t(msgid: string, values?: Values): string {
  return fill(lookup(msgid), values);
}

/** The form for `n`; `{n}` is filled in. `tn("{n} day", "{n} days", n)` */
export function tn(one: string, many: string, n: number, values?: Values): string {
  const current = catalog.value;
  const found = current?.messages[one];
  const rule = PLURALS[current?.plural ?? ""] ?? ((count: number) => (count === 1 ? 0 : 1));
  const index = rule(Math.abs(Math.trunc(n)));
  const text = Array.isArray(found) ? (found as readonly string[])[index] : undefined;
  return fill(text ?? (n === 1 ? one : many), { n, ...values });
}

/** Marks a text for the catalogs where it is written before it is needed. */
export function N_(msgid: string): string {
  return msgid;
}

/** `sv` when this text is shown in Swedish for want of a translation; for the `lang` attribute. */
export function langOf(msgid: string): "sv" | undefined {
  const current = catalog.value;
  return current?.untranslated?.includes(msgid) ? "sv" : undefined;
}

/** The language chosen on this device before, else Swedish. */
export function chosenLanguage(): string {
  const chosen = stored(CHOSEN);
  return chosen && chosen in __CATALOGS__ ? chosen : "sv";
}

/** A language the browser asks for that is neither shown nor Swedish: offered on the first screen, never chosen unasked. */
export function suggestedLanguage(): Language | undefined {
  for (const tag of navigator.languages) {
    const base = tag.toLowerCase().split("-")[0];
    const found = LANGUAGES.find((language) => language.lang === base);
    if (found) return found.lang === lang.value ? undefined : found;
  }
  return undefined;
}

/** Shows a catalog and marks the page with its language and direction. */
export function showCatalog(next: Catalog): void {
  catalog.value = next;
  document.documentElement.lang = next.lang;
  document.documentElement.dir = next.dir;
}

async function fetched(address: string | undefined): Promise<Catalog> {
  const answer = await fetch(address ?? "");
  if (!answer.ok) throw new Error("no catalog");
  return (await answer.json()) as Catalog;
}

function joined(core: Catalog, staff: Catalog | null): Catalog {
  if (!staff) return core;
  return { ...core, messages: { ...core.messages, ...staff.messages }, untranslated: [...(core.untranslated ?? []), ...(staff.untranslated ?? [])] };
}

/** Adds the texts of professionals' pages to the language shown, now and at every later choice. */
export async function useStaffTexts(): Promise<void> {
  if (staffWanted) return;
  staffWanted = true;
  const shown = catalog.peek();
  if (!shown) return;
  // Without a connection only Swedish is sure to be here.
  const staff = await fetched(__STAFF_TEXTS__[shown.lang]).catch(() => fetched(__STAFF_TEXTS__["sv"]));
  showCatalog(joined(shown, staff));
}

/**
 * Fetches and shows a language, and remembers it on this device. False when it could not be fetched:
 * what was shown stays.
 */
export async function useLanguage(next: string, remember = true): Promise<boolean> {
  const address = __CATALOGS__[next] ?? __CATALOGS__["sv"];
  if (!address) return false;
  try {
    const [core, staff] = await Promise.all([fetched(address), staffWanted ? fetched(__STAFF_TEXTS__[next] ?? __STAFF_TEXTS__["sv"]) : null]);
    showCatalog(joined(core, staff));
  } catch {
    return false;
  }
  if (remember) store(CHOSEN, next);
  keep({ lang: next });
  return true;
}

/** Asks the service worker to have this at hand without a connection, from now on: a language, or professionals' pages with these groups. */
export function keep(what: { lang: string } | { staff: readonly string[] }): void {
  navigator.serviceWorker?.ready.then((worker) => worker.active?.postMessage({ type: "keep", ...what })).catch(() => undefined);
}
