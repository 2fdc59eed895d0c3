/**
 * What in a text might say who it is about. Warns while one writes; the server decides with a finer net, and neither
 * proves that a text is anonymous. Pure: text in, places out. Offsets are UTF-16 units, end exclusive.
 */
export type SuspectKind = "personal_number" | "phone" | "email" | "url" | "address" | "school" | "name";
export interface Suspect { kind: SuspectKind; start: number; end: number }

/** Day 61–91 is a coordination number (samordningsnummer); the last four may be written apart or as dots. */
const PERSONAL = /(?<![\d-])(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?:\s*[-+]?\s*[\dxX•*]{4})?(?![\d-])/gu;
const PHONE = /(?<!\d)(?:\+46|0046|0)[\s\-()]*[1-9](?:[\s\-()]*\d){6,9}(?!\d)/gu;
const EMAIL = /[\p{L}\d._%+-]+@[\p{L}\d.-]+\.\p{L}{2,}/gu;
const URL_TEXT = /\b(?:https?:\/\/|www\.)\S+/giu;
const ADDRESS = /\p{L}{2,}(?:gatan|vägen|gränd|stigen|allén|torget|backen|gården|platsen)\s+\d{1,4}\s?[A-Ha-h]?\b/giu;
const SCHOOL = /\p{Lu}[\p{L}]*(?:s\s|-)?(?:skolan|skola|gymnasiet|förskola|förskolan)(?!\p{L})|\p{Lu}\p{L}+s\s+(?:skola|förskola|gymnasium)/gu;
const CAPITALISED = /(?<![\p{L}\d])\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?(?:\s+\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?)*/gu;

/** Words that begin sentences or name services, and no person. */
const NO_NAMES = new Set(
  ("Hur Vad Vem När Var Vart Vilka Vilken Vilket Varför Kan Ska Skall Bör Får Har Är Vi Jag Du Han Hon Hen De Det Den Dem Detta Denna Dessa En Ett Flicka Flickan Pojke Pojken Barn Barnet Elev Eleven Ungdom "
  + "Ungdomen Tjej Tjejen Kille Killen Mamma Mamman Pappa Pappan Förälder Föräldern Föräldrar Föräldrarna Vårdnadshavare Skolan Skola Läraren Lärare Kurator Kuratorn Hemma Sedan Sen Nu Igår Idag Men Och Eller Så Då Om "
  + "För Från Till Med Utan Efter Innan Under Inte Ingen Inget Inga Alla Allt Många Mycket Lite Sover Äter Ofta Ibland Aldrig Alltid Tack Hej Fråga Frågan Går Gick Vill Behöver Undrar Finns Någon Något Några Man Min Mitt Mina Vår Vårt Våra "
  + "Hans Hennes Deras Sin Sitt Sina Där Här Bara Även Också Dock Trots Kanske Måndag Tisdag Onsdag Torsdag Fredag Lördag Söndag Januari Februari Mars April Maj Juni Juli Augusti September Oktober November December "
  + "Svenska Sverige Arabiska Engelska Somaliska Finska Ukrainska Bup Uph Sip Bris Sambu Elevhälsan Socialtjänsten Vårdcentralen Rehab Habiliteringen").split(" "),
);

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
}

/** Everything that might identify, in order, without overlaps. `allowed` may stand in the text (the colleagues' own names). */
export function suspects(text: string, allowed: readonly string[] = []): Suspect[] {
  const found: Suspect[] = [];
  const add = (one: Suspect): void => {
    if (!found.some((other) => one.start < other.end && other.start < one.end)) found.push(one);
  };
  const finders: [SuspectKind, RegExp][] = [["personal_number", PERSONAL], ["phone", PHONE], ["email", EMAIL], ["url", URL_TEXT], ["address", ADDRESS], ["school", SCHOOL]];
  for (const [kind, pattern] of finders) for (const match of text.matchAll(pattern)) add({ kind, start: match.index, end: match.index + match[0].length });
  for (const one of names(text)) if (!allowed.includes(text.slice(one.start, one.end))) add(one);
  return found.sort((a, b) => a.start - b.start);
}

/** The text with names as "eleven" and everything else taken away, tidied. */
export function withoutSuspects(text: string, found: readonly Suspect[], pupil: string): string {
  let result = text;
  for (const { kind, start, end } of [...found].sort((a, b) => b.start - a.start)) result = result.slice(0, start) + (kind === "name" ? pupil : "") + result.slice(end);
  return result.replace(/\(\s*\)/g, "").replace(/[ \t]{2,}/g, " ").replace(/\s+([.,;:!?])/g, "$1").trim();
}
