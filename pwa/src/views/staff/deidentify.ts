/**
 * What in a text might say who it is about. Warns while one writes; the server decides with a finer net, and neither
 * proves that a text is anonymous. Pure: text in, places out. Offsets are UTF-16 units, end exclusive.
 */
import firstNames from "../../generated/first-names.json";

export type SuspectKind = "personal_number" | "phone" | "email" | "url" | "address" | "school" | "name";
export interface Suspect { kind: SuspectKind; start: number; end: number }

/** Day 61–91 is a coordination number (samordningsnummer), K, M or X before the last three a reserve number (reservnummer);
 *  the last four may be written apart or as dots. */
const PERSONAL = /(?<![\d-])(?:19|20)?\d{2}[\s.-]?(?:0[1-9]|1[0-2])[\s.-]?(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?:\s*[-+–]?\s*(?:[KMX]?[\dX•*]{3,4}))?(?![\d-])/giu;
/** Days of the years the service is used in, and times of the day: a meeting's, and nobody's birthday or number. */
const CALENDAR = /(?<![\d-])20[2-9]\d-\d{2}-\d{2}(?:\s?[-–]\s?20[2-9]\d-\d{2}-\d{2})?(?![\d-])|(?<![\d.])(?:[01]?\d|2[0-4])[.:][0-5]\d(?:\s?[-–]\s?(?:[01]?\d|2[0-4])[.:][0-5]\d)?(?![\d.]\d)/gu;
const PHONE = /(?<!\d)(?:\+46|0046|0)[\s\-–/.()]*[1-9](?:[\s\-–/.()]*\d){6,9}(?!\d)/gu;
/** Help lines everybody may be given. */
const HELP_LINES = new Set(["0104358650", "0852449910", "0771505050", "020852000", "020181800", "020505050"]);
const SPOKEN = ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"];
const DIGIT = `(?:\\d|(?<!\\p{L})(?:${SPOKEN.join("|")})(?!\\p{L}))`;
/** Nine to twelve digits of one number, in figures or in words, with signs or a few words between them. */
const SCATTERED = new RegExp(`(?=(${DIGIT}(?:(?:[\\s.,;/()…+–−-]{0,4}|,?\\s(?:och(?:\\s(?:så|sen|sedan))?|sen|sedan|därefter)\\s)${DIGIT}){8,11}))`, "giu");
const EMAIL = /[\p{L}\d._%+-]+\s?(?:@|[([]\s?at\s?[)\]]|\s(?:snabel-?a|at)\s)\s?[\p{L}\d.-]+?\s?(?:\.|[([]\s?(?:dot|punkt)\s?[)\]]|\s(?:punkt|dot)\s)\s?\p{L}{2,}|[\p{L}\d._%+-]+@[\p{L}\d-]+/giu;
const URL_TEXT = /\b(?:https?:\/\/|www\.)\S+/giu;
const ADDRESS = /\p{L}{2,}(?:gatan|vägen|gränd|stigen|allén|torget|backen|gården|platsen)\s+\d{1,4}\s?[A-Ha-h]?\b/giu;
const SCHOOL = /(?!(?:Grund|Gymnasie|Hög|Folkhög|För|Sär|Mellan|Låg)(?:skolan|skola|stadieskolan)\b)\p{Lu}[\p{L}]*(?:s\s|-)?(?:skolan|skola|gymnasiet|förskola|förskolan)(?!\p{L})|\p{Lu}\p{L}+s\s+(?:skola|förskola|gymnasium)/gu;
const CAPITALISED = /(?<![\p{L}\d])\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?(?:\s+\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?)*/gu;
/** A class by its letter; a year alone tells nobody. */
const CLASS = /(?<![\p{L}\d])(?:(?:[Kk]lass(?:en)?|[Åå]k|[Åå]rskurs)\s*\d{1,2}(?:\s?[A-H]|[a-h])|[Ii] [1-9][A-CEFa-cef])(?![\p{L}\d])/gu;

/** Words that begin sentences or name services, and no person. */
const NO_NAMES = new Set(
  ("Hur Vad Vem När Var Vart Vilka Vilken Vilket Varför Kan Ska Skall Bör Får Har Är Vi Jag Du Han Hon Hen De Det Den Dem Detta Denna Dessa En Ett Flicka Flickan Pojke Pojken Barn Barnet Elev Eleven Ungdom "
  + "Ungdomen Tjej Tjejen Kille Killen Mamma Mamman Pappa Pappan Förälder Föräldern Föräldrar Föräldrarna Vårdnadshavare Skolan Skola Läraren Lärare Kurator Kuratorn Hemma Sedan Sen Nu Igår Idag Men Och Eller Så Då Om "
  + "För Från Till Med Utan Efter Innan Under Inte Ingen Inget Inga Alla Allt Många Mycket Lite Sover Äter Ofta Ibland Aldrig Alltid Tack Hej Fråga Frågan Går Gick Vill Behöver Undrar Finns Någon Något Några Man Min Mitt Mina Vår Vårt Våra "
  + "Hans Hennes Deras Sin Sitt Sina Där Här Bara Även Också Dock Trots Kanske Måndag Tisdag Onsdag Torsdag Fredag Lördag Söndag Januari Februari Mars April Maj Juni Juli Augusti September Oktober November December "
  + "Svenska Sverige Arabiska Engelska Somaliska Finska Ukrainska Bup Uph Sip Bris Sambu Elevhälsan Socialtjänsten Vårdcentralen Rehab Habiliteringen "
  + "Första Linjen Röda Korset Rädda Barnen Västra Götaland Götalandsregionen Skaraborg Göteborg Borås Skövde Mariestad Lidköping Trollhättan Uddevalla Teams Zoom Snapchat Instagram Tiktok Youtube Discord Roblox Fortnite Minecraft "
  + "Gymnasieskolan Grundskolan Ungdomsmottagningen Familjecentralen").split(" "),
);

/** First names that are no words: suspected wherever they stand, and the longer ones without a capital too. */
const FIRST_NAMES = new Set(firstNames.split(" "));
/** Words that end like a name in the genitive, and are none. */
const NO_GENITIVES = new Set(["klass"]);
const WORD = /(?<![\p{L}\d])\p{L}{2,}(?![\p{L}\d])/gu;

function isFirstName(word: string): boolean {
  const low = word.toLowerCase();
  const known = [low, NO_GENITIVES.has(low) ? low : low.replace(/s$/u, "")].find((one) => FIRST_NAMES.has(one));
  return known !== undefined && (low[0] !== word[0] || known.length > 3);
}

/** True when a capital letter only begins a sentence. */
function beginsSentence(text: string, at: number): boolean {
  const before = text.slice(0, at).trimEnd();
  return before === "" || /[.!?:\n–-]$/u.test(before);
}

function* names(text: string): Generator<Suspect> {
  for (const match of text.matchAll(CAPITALISED)) {
    let start = match.index;
    let words = match[0];
    // The first word of a sentence has its capital anyway: it counts only with another name after it.
    while (words) {
      const [first = ""] = words.split(/\s/u);
      const common = NO_NAMES.has(first) || (beginsSentence(text, start) && !words.includes(" "));
      if (!common) break;
      const rest = words.slice(first.length);
      start += first.length + (rest.length - rest.trimStart().length);
      words = rest.trimStart();
    }
    if (words) yield { kind: "name", start, end: start + words.length };
  }
  for (const { 0: word, index } of text.matchAll(WORD)) if (isFirstName(word)) yield { kind: "name", start: index, end: index + word.length };
}

/** Whether ten or twelve digits are a person's: a birthday (or a coordination number's) and a check digit that is right. */
const isPersons = (digits: string): boolean =>
  /^(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[1-8]\d|9[01])\d{4}$/.test(digits) && [...digits.slice(-10)].reduce((sum, digit, n) => { const twice = Number(digit) * (2 - (n % 2)); return sum + twice - (twice > 9 ? 9 : 0); }, 0) % 10 === 0;

/** Numbers that are written digit by digit, in words, or with words between. */
function scattered(text: string): Suspect[] {
  return [...text.matchAll(SCATTERED)].flatMap(({ 1: said = "", index: start }) => {
    const digits = said.toLowerCase().replace(/\p{L}+/gu, (word) => (SPOKEN.includes(word) ? String(SPOKEN.indexOf(word)) : "")).replace(/\D/g, "");
    const kind = isPersons(digits) || isPersons(digits.slice(0, 10)) ? "personal_number" : /^0[1-9]/.test(digits) && "phone";
    return kind ? [{ kind, start, end: start + said.length }] : [];
  });
}

/** The text as it is read, one place for each of its own: other scripts' digits as ours, what takes no room left out. */
function plain(text: string): { read: string; at: number[] } {
  let read = "";
  const at: number[] = [];
  for (let place = 0; place < text.length;) {
    const letter = String.fromCodePoint(text.codePointAt(place) ?? 0);
    const seen = /[\p{Cf}\u20e3\ufe0f]/u.test(letter) ? "" : /[٠-٩۰-۹]/u.test(letter) ? String((letter.codePointAt(0) ?? 0) & 15) : /[\uff01-\uff5e]/u.test(letter) ? letter.normalize("NFKC") : letter;
    for (let n = 0; n < seen.length; n += 1) at.push(place + n);
    read += seen;
    place += letter.length;
  }
  at.push(text.length);
  return { read, at };
}

/** Everything that might identify, in order, without overlaps. `allowed` may stand in the text (the colleagues' own names). */
export function suspects(text: string, allowed: readonly string[] = []): Suspect[] {
  const { read, at } = plain(text);
  const calendar = [...read.matchAll(CALENDAR)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
  const found: Suspect[] = [];
  const over = (one: { start: number; end: number }, other: { start: number; end: number }): boolean => one.start < other.end && other.start < one.end;
  const add = (one: Suspect): void => {
    if (!found.some((other) => over(one, other))) found.push(one);
  };
  const finders: [SuspectKind, RegExp][] = [["personal_number", PERSONAL], ["phone", PHONE], ["email", EMAIL], ["url", URL_TEXT], ["address", ADDRESS], ["school", SCHOOL], ["school", CLASS]];
  const marked = finders.flatMap(([kind, pattern]) => [...read.matchAll(pattern)].map((match) => ({ kind, start: match.index, end: match.index + match[0].length })));
  for (const one of [...marked, ...scattered(read)]) {
    const isNumber = one.kind === "personal_number" || one.kind === "phone";
    if (!isNumber || !(calendar.some((when) => over(one, when)) || HELP_LINES.has(read.slice(one.start, one.end).replace(/\D/g, "")))) add(one);
  }
  for (const one of names(read)) if (!allowed.includes(read.slice(one.start, one.end))) add(one);
  const place = (index: number): number => at[index] ?? text.length;
  return found.sort((a, b) => a.start - b.start).map(({ kind, start, end }) => ({ kind, start: place(start), end: end > start ? place(end - 1) + 1 : place(start) }));
}

/** The text with names as "eleven" and everything else taken away, tidied. */
export function withoutSuspects(text: string, found: readonly Suspect[], pupil: string): string {
  let result = text;
  for (const { kind, start, end } of [...found].sort((a, b) => b.start - a.start)) result = result.slice(0, start) + (kind === "name" ? pupil : "") + result.slice(end);
  return result.replace(/\(\s*\)/g, "").replace(/[ \t]{2,}/g, " ").replace(/\s+([.,;:!?])/g, "$1").trim();
}
