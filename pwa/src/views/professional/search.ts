/**
 * Finding and ordering the Swedish way: å, ä and ö are letters of their own, last in the alphabet; other marks are not.
 * Pure. Everything is indexed once, so that five thousand rows are searched while one writes.
 */

const SAME: Readonly<Record<string, string>> = { æ: "ä", ø: "ö", ß: "ss", đ: "d", ð: "d", þ: "th", ł: "l", œ: "oe", ı: "i" };
const MARKS = /[\u0300-\u036f]/g;

/** Lower case without marks, with å, ä and ö kept: "Élise MÜLLER-Öst" → "elise muller-öst". */
export function fold(text: string): string {
  return text.normalize("NFC").toLowerCase().replace(/[^\x00-\x7f]/g, (letter) => ("åäö".includes(letter) ? letter : SAME[letter] ?? letter.normalize("NFD").replace(MARKS, "")));
}

/** As somebody writes who has no å, ä or ö on the keyboard: "sömn" → "somn". */
export const loose = (folded: string): string => folded.replace(/[åä]/g, "a").replace(/ö/g, "o");

/** The order of the alphabet. w comes after v, ü counts as y, å ä ö come last; numbers by value. */
export function sortKey(text: string): string {
  const spelled = text.normalize("NFC").toLowerCase().replaceAll("ü", "y");
  return fold(spelled).replace(/[åäö]/g, (letter) => ({ å: "{", ä: "|", ö: "}" })[letter] ?? letter)
    .replace(/\d+/g, (digits) => digits.padStart(6, "0")).replace(/[^a-z0-9{|}]+/g, " ").trim();
}

/** Compares two texts by `sortKey`. */
export function compare(a: string, b: string): number {
  const [first, second] = [sortKey(a), sortKey(b)];
  return first < second ? -1 : first > second ? 1 : a < b ? -1 : a > b ? 1 : 0;
}

/** `bare` is the same without å, ä and ö: made beforehand, so that no letter waits for it. */
export interface Indexed<T> { item: T; head: string; all: string; key: string; bare: { head: string; all: string } }

/** `head` counts most when one searches; `more` is everything else that may be written. Sorted by `head`. */
export function indexed<T>(items: readonly T[], head: (item: T) => string, more: (item: T) => readonly (string | undefined)[]): Indexed<T>[] {
  return items
    .map((item) => {
      const title = head(item);
      const folded = fold(title);
      // Folded as a whole: a text put together of two would be laid out anew at the first letter.
      const all = fold([title, ...more(item)].filter(Boolean).join(" "));
      return { item, head: folded, all, key: sortKey(title), bare: { head: loose(folded), all: loose(all) } };
    })
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

type Part<T> = (one: Indexed<T>) => { head: string; all: string };
const asWritten = <T>(one: Indexed<T>): Indexed<T> => one;
const asBare = <T>(one: Indexed<T>): Indexed<T>["bare"] => one.bare;

function fitting<T>(from: readonly Indexed<T>[], wanted: readonly string[], of: Part<T>): Indexed<T>[] {
  return from.filter((one) => wanted.every((word) => of(one).all.includes(word)));
}

/** Those with every word in the head, then the others; each in their order. */
function headFirst<T>(rows: readonly Indexed<T>[], wanted: readonly string[], of: Part<T>): T[] {
  const [first, rest]: [T[], T[]] = [[], []];
  for (const one of rows) (wanted.every((word) => of(one).head.includes(word)) ? first : rest).push(one.item);
  return first.concat(rest);
}

interface Step<T> { words: string; exact: readonly Indexed<T>[]; bare: readonly Indexed<T>[] | null; found: T[] }

/**
 * Finds those where every word is, in the head first; when nothing is, å ä ö may have been written as a and o.
 * While one writes on, only what fits so far is looked through; what one takes away again, it still knows.
 */
export function finder<T>(index: readonly Indexed<T>[]): (words: string) => T[] {
  /** The words of each begin with those of the one before. */
  const steps: Step<T>[] = [{ words: "", exact: index, bare: null, found: index.map((one) => one.item) }];
  return (text) => {
    const words = fold(text);
    while (!words.startsWith(steps.at(-1)!.words)) steps.pop();
    const before = steps.at(-1)!;
    if (before.words === words) return before.found;
    const wanted = words.split(/[\s,]+/).filter(Boolean);
    const exact = fitting(before.exact, wanted, asWritten);
    const bare = exact.length === 0 && !/[åäö]/.test(words) ? fitting(before.bare ?? index, wanted, asBare) : null;
    const found = bare ? headFirst(bare, wanted, asBare) : headFirst(exact, wanted, asWritten);
    steps.push({ words, exact, bare, found });
    return found;
  };
}

/** The same for words that are asked for once. */
export function search<T>(index: readonly Indexed<T>[], words: string): T[] {
  return finder(index)(words);
}
