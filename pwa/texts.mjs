/**
 * Short names for texts: in the built files a text goes by a few letters instead of its English source, in the scripts and
 * in the languages alike. A name comes from its text alone, and grows where another text has it:
 * a new text leaves nearly all files it does not stand in as they were.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname } from "node:path";

/** Begins with a capital or a digit: a code that stands in for a text (`bup`) is never taken for a name. */
const FIRST = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const LETTERS = `${FIRST}abcdefghijklmnopqrstuvwxyz`;
const SHORTEST = 2;
/** The calls that server/web/catalog_extract.py knows: string literals, joined with `+` or not. */
const STRING = String.raw`(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')`;
const TEXT = String.raw`${STRING}(?:\s*\+\s*${STRING})*`;
const CALL = new RegExp(String.raw`(?<![\w$.])(tn|t|N_)\(\s*(${TEXT})(\s*,\s*)?(${TEXT})?`, "g");

/** Text → its name, for all the texts there are. */
export function named(texts) {
  const names = new Map();
  const taken = new Set();
  for (const text of [...texts].sort()) {
    let number = createHash("sha256").update(text).digest().readBigUInt64BE();
    let name = "";
    while (name.length < SHORTEST || taken.has(name)) {
      const letters = BigInt(name ? LETTERS.length : FIRST.length);
      name += LETTERS[Number(number % letters)];
      number /= letters;
    }
    taken.add(name);
    names.set(text, name);
  }
  return names;
}

/** A language with names for its texts. `texts` are all that it must have: what it lacks is said in its source, English. */
export function shortened(language, texts, names) {
  return {
    ...language,
    messages: Object.fromEntries([...texts].sort().map((text) => [names.get(text), language.messages[text] ?? text])),
    ...(language.untranslated ? { untranslated: language.untranslated.map((text) => names.get(text)) } : {}),
  };
}

/** The text that literals in a source file stand for. */
const read = (literals) => literals.match(new RegExp(STRING, "g")).map((one) => JSON.parse(`"${one.slice(1, -1).replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"')}"`)).join("");

/** esbuild: puts names in the place of texts. A text that no language has stays as it is written. */
export function naming(names) {
  const put = (literals) => (names.has(read(literals)) ? JSON.stringify(names.get(read(literals))) : literals);
  const renamed = (_, call, one, comma = "", other = "") => (call === "tn" && names.has(read(one)) ? `tn(${put(one)}${comma}""` : `${call}(${put(one)}${comma}${other}`);
  return {
    name: "names for texts",
    setup: (build) => build.onLoad({ filter: /[\\/]src[\\/].*\.tsx?$/ }, ({ path }) =>
      path.includes("node_modules") ? undefined : { contents: readFileSync(path, "utf8").replace(CALL, renamed), loader: extname(path).slice(1) }),
  };
}
