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
export const loose = (folded: string): string => folded.replace(/[åä]/g, "a").replaceAll("ö", "o");

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
      const all = `${folded} ${fold(more(item).filter(Boolean).join(" "))}`;
      return { item, head: folded, all, key: sortKey(title), bare: { head: loose(folded), all: loose(all) } };
    })
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Those where every word is found, in the head first. When nothing is, å ä ö may have been written as a and o. */
export function search<T>(index: readonly Indexed<T>[], words: string): T[] {
  const wanted = fold(words).split(/[\s,]+/).filter(Boolean);
  if (wanted.length === 0) return index.map((one) => one.item);
  const pick = (of: (one: Indexed<T>) => { head: string; all: string }): T[] => {
    const [first, rest]: [T[], T[]] = [[], []];
    for (const one of index) {
      const { head, all } = of(one);
      if (wanted.every((word) => all.includes(word))) (wanted.every((word) => head.includes(word)) ? first : rest).push(one.item);
    }
    return [...first, ...rest];
  };
  const exact = pick((one) => one);
  if (exact.length > 0 || wanted.some((word) => /[åäö]/.test(word))) return exact;
  return pick((one) => one.bare);
}
