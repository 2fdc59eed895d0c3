/** Finding and ordering in Swedish. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, finder, fold, indexed, search, sortKey } from "../src/views/professional/search";

test("å, ä and ö stay letters; other marks and case do not count", () => {
  assert.equal(fold("Élise MÜLLER-Öst"), "elise muller-öst");
  assert.equal(fold("A\u030angstro\u0308m"), "ångström", "however the letters are put together");
  assert.equal(fold("Hadžić Łódź Søren"), "hadzic lodz sören");
});

test("the alphabet ends with å ä ö, w follows v, ü counts as y, numbers by value", () => {
  const sorted = ["Östra", "Åsen", "Ärlig", "Zinken", "Wallmark", "Vall", "Ystad", "Übel", "avdelning 10", "Avdelning 2", "Ada"].sort(compare);
  assert.deepEqual(sorted, ["Ada", "Avdelning 2", "avdelning 10", "Vall", "Wallmark", "Übel", "Ystad", "Zinken", "Åsen", "Ärlig", "Östra"]);
  assert.equal(compare("Skola", "skola") !== 0, true, "never a tie for different texts");
  assert.equal(sortKey("  Lillåns-skola  "), "lill{ns skola");
});

const ROWS = [
  { name: "Kurator", more: "Första samtal om oro och sömn", town: "Töreboda" },
  { name: "Arbetsterapeut", more: "Rutiner, sömn, morgnar", town: "Mariestad" },
  { name: "Sömnskola", more: "Kurs", town: "Götene" },
  { name: "Åhörare", more: "", town: "Skövde" },
];
const index = indexed(ROWS, (one) => one.name, (one) => [one.more, one.town]);
const names = (words: string): string[] => search(index, words).map((one) => one.name);

test("every word is looked for everywhere; what is in the name comes first", () => {
  assert.deepEqual(names("sömn"), ["Sömnskola", "Arbetsterapeut", "Kurator"]);
  assert.deepEqual(names("sömn töreboda"), ["Kurator"]);
  assert.deepEqual(names("  "), ["Arbetsterapeut", "Kurator", "Sömnskola", "Åhörare"]);
  assert.deepEqual(names("finns inte"), []);
});

test("without å ä ö on the keyboard one finds all the same, but ö is never o the other way", () => {
  assert.deepEqual(names("somn gotene"), ["Sömnskola"]);
  assert.deepEqual(names("kurs"), ["Sömnskola"]);
  assert.deepEqual(names("körs"), []);
});

test("writing on, taking away and beginning anew finds what the same words find at once", () => {
  const find = finder(index);
  for (const end of ["somn gotene", "sömn töreboda", "kurs", "a", "finns inte", "So\u0308mn", " sömn", ""]) {
    const written = [...Array(end.length + 1).keys()].map((n) => end.slice(0, n));
    for (const words of [...written, ...written.slice(0, -2).reverse()]) assert.deepEqual(find(words), search(index, words), `“${words}”`);
  }
});

test("every piece of every row is found where it stands, and nowhere else", () => {
  const whole = index.map(({ item, all }) => ({ name: item.name, all }));
  for (const { all } of whole)
    for (let from = 0; from < all.length; from++)
      for (const words of [all.slice(from, from + 1), all.slice(from, from + 3), all.slice(from)]) {
        const wanted = words.split(/[\s,]+/).filter(Boolean);
        const fits = whole.filter((one) => wanted.every((word) => one.all.includes(word))).map((one) => one.name);
        assert.deepEqual(names(words).sort(), fits.sort(), `“${words}”`);
      }
  assert.deepEqual(names("2"), [], "a digit that is nowhere");
});

test("five thousand rows are searched within a keystroke", () => {
  const many = indexed(Array.from({ length: 5000 }, (_, n) => ({ name: `Funktion ${n}`, more: "Samtal, råd och stöd för barn och unga i kommunen" })), (one) => one.name, (one) => [one.more]);
  const started = performance.now();
  assert.equal(search(many, "stöd 4999").length, 1);
  assert.ok(performance.now() - started < 100);
});
