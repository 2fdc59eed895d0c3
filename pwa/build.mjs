/**
 * Builds the app into dist/: hashed files under assets/, everything else beside it, each with .br and .gz.
 * The same sources give the same bytes. With PYTHON set, the catalogs are compiled first.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { named, naming, shortened } from "./texts.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.env.DIST ?? join(here, "dist");
/** Built here and put in place whole: a build that fails leaves the last good one standing. */
const dist = join(here, "node_modules", ".cache", `dist-${process.pid}`);
process.on("exit", () => rmSync(dist, { recursive: true, force: true }));
const CATALOGS = join(here, "src", "generated", "i18n-core");
/** Texts only professionals' pages have: fetched when somebody works here. */
const STAFF_CATALOGS = join(here, "src", "generated", "i18n-staff");
/** Kilobytes (1,000 bytes) after brotli: what the first useful screen may weigh, and all scripts that a family, or a professional with one hat, ever fetches. */
const BUDGET = { js: 45, css: 10, all: 110 };
/** Each role's own pages. */
const ROLES = ["family", "youth", "staff"];
/** Professionals' pages that not all of them have, by what a seat is for (`groups` in src/views/staff/index.ts). */
const GROUPS = ["coordinator", "consultant", "lead", "admin", "team", "directory"];
/** The people of the demonstration. */
const DEMO = "src/views/demo.tsx";
const COMPRESSED = /\.(html|js|css|json|svg|txt|webmanifest)$/;

const sha256 = (bytes, form = "hex") => createHash("sha256").update(bytes).digest(form);
const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
const common = { bundle: true, minify: true, target: ["es2022", "chrome109", "firefox115", "safari16"], charset: "utf8", legalComments: "none", logLevel: "warning", absWorkingDir: here };

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else yield path;
  }
}
const { version: TERSER } = JSON.parse(readFileSync(join(here, "node_modules", "terser", "package.json"), "utf8"));

/** Makes what esbuild wrote some 3 % lighter after brotli. */
async function lighter(path) {
  const { code } = await minify(readFileSync(path, "utf8"), { module: true, ecma: 2022, compress: { passes: 3, keep_fargs: false, sequences: false, conditionals: false }, format: { comments: false } });
  writeFileSync(path, code);
}
const address = (path) => `/${relative(dist, path).split(sep).join("/")}`;

/** Writes the languages under a name that holds their hash: language → address, and the short names of their texts. */
function catalogs() {
  if (process.env.PYTHON) execFileSync(process.env.PYTHON, ["-m", "server.web.catalogs", "compile"], { cwd: join(here, ".."), stdio: "inherit" });
  if (!existsSync(CATALOGS)) throw new Error("no compiled catalogs: run with PYTHON set, or `python -m server.web.catalogs compile` first");
  const names = named([...textsIn(CATALOGS), ...textsIn(STAFF_CATALOGS)]);
  return { names, core: written(CATALOGS, "", names), staff: written(STAFF_CATALOGS, "-staff", names) };
}

const languagesIn = (folder) => readdirSync(folder).filter((name) => name.endsWith(".json")).sort().map((name) => [name.replace(/\.json$/, ""), JSON.parse(readFileSync(join(folder, name), "utf8"))]);
const textsIn = (folder) => new Set(languagesIn(folder).flatMap(([, language]) => Object.keys(language.messages)));

function written(folder, mark, names) {
  const texts = textsIn(folder);
  return Object.fromEntries(languagesIn(folder).map(([lang, language]) => {
    const bytes = Buffer.from(JSON.stringify(shortened(language, texts, names)));
    const path = `/assets/${lang}${mark}-${sha256(bytes).slice(0, 10)}.json`;
    writeFileSync(join(dist, path), bytes);
    return [lang, path];
  }));
}

/** A text in every language, from the catalogs. */
function inAllLanguages(msgid) {
  return Object.fromEntries(languagesIn(CATALOGS).map(([lang, { messages }]) => [lang, messages[msgid] ?? msgid]));
}

/** The help contacts as they were when this was built: data beside the scripts, as the languages are. */
function helpContacts() {
  const bytes = Buffer.from(JSON.stringify(JSON.parse(readFileSync(join(here, "src", "generated", "region.json"), "utf8"))));
  const path = `/assets/region-${sha256(bytes).slice(0, 10)}.json`;
  writeFileSync(join(dist, path), bytes);
  return path;
}

async function styles() {
  const whole = await build({ ...common, entryPoints: ["src/styles/index.css"], outdir: join(dist, "assets"), entryNames: "style-[hash]", metafile: true });
  const critical = await build({ ...common, entryPoints: ["src/styles/critical.css"], write: false, outdir: join(dist, "assets") });
  return { href: address(join(here, Object.keys(whole.metafile.outputs).find((name) => name.endsWith(".css")))), critical: critical.outputFiles[0].text.trim() };
}

/** What these files need: at once, and with `later` also when it is asked for. The pages of roles and groups are left to them, and the demonstration's to where it runs. */
function needed(outputs, entries, { later }) {
  const found = new Set(entries);
  for (const path of found)
    for (const { path: next, kind } of outputs[path].imports)
      if ((kind === "import-statement" || later) && !roleOf(outputs[next]) && !groupOf(outputs[next]) && outputs[next].entryPoint !== DEMO) found.add(next);
  return found;
}
const roleOf = (output) => ROLES.find((role) => output.entryPoint === `src/views/${role}/index.ts`);
const groupOf = (output) => GROUPS.find((group) => output.entryPoint === `src/views/professional/${group}-views.ts`);

async function scripts(define, names) {
  const { metafile } = await build({
    ...common, entryPoints: { main: "src/main.tsx" }, outdir: join(dist, "assets"), splitting: true, format: "esm", metafile: true, define, plugins: [naming(names)],
    entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", jsx: "automatic", jsxImportSource: "preact",
    // A name stands for its bytes for ever: another terser makes other names. (The remark itself goes with the others.)
    banner: { js: `// terser ${TERSER}` },
  });
  const { outputs } = metafile;
  for (const path of Object.keys(outputs)) if (path.endsWith(".js")) await lighter(join(here, path));
  const addresses = (paths) => [...paths].map((path) => address(join(here, path))).filter((path) => path.endsWith(".js"));
  const [main] = Object.entries(outputs).find(([, output]) => output.entryPoint === "src/main.tsx");
  const entryOf = (of, name) => Object.entries(outputs).find(([, output]) => of(output) === name)[0];
  const all = (...entries) => addresses(needed(outputs, [main, ...entries], { later: true }));
  const roles = Object.fromEntries(ROLES.map((role) => [role, all(entryOf(roleOf, role))]));
  const groups = Object.fromEntries(GROUPS.map((group) => [group, all(entryOf(roleOf, "staff"), entryOf(groupOf, group)).filter((path) => !roles.staff.includes(path))]));
  const demo = addresses(Object.keys(outputs).filter((path) => outputs[path].entryPoint === DEMO));
  // What main needs at once, and what those need, is fetched in parallel instead of one after the other.
  return { main: address(join(here, main)), first: addresses(needed(outputs, [main], { later: false })), all: addresses(Object.keys(outputs)), roles, groups, demo };
}

function page({ css, js, languages }) {
  const swedish = JSON.parse(readFileSync(join(CATALOGS, "sv.json"), "utf8")).messages;
  const preload = [
    `<link rel="preload" href="${css.href}" as="style">`,
    `<link rel="preload" href="${languages.sv}" as="fetch" crossorigin>`,
    ...js.first.filter((path) => path !== js.main).map((path) => `<link rel="modulepreload" href="${path}">`),
    `<script type="module" src="${js.main}"></script>`,
  ].join("\n");
  const html = readFileSync(join(here, "index.html"), "utf8")
    .replace("<!--critical-->", () => css.critical)
    .replace("<!--preload-->", () => preload)
    .replace(/\{\{(.+?)\}\}/g, (_, msgid) => swedish[msgid] ?? msgid);
  writeFileSync(join(dist, "index.html"), html);
  writeFileSync(join(dist, "csp.json"), `${JSON.stringify({ style: [`sha256-${sha256(css.critical, "base64")}`], script: [] })}\n`);
}

/** The worker and its version. Everybody's files are fetched when it is put in; what only (some) professionals need, once one has been here. */
async function worker(languages, staffTexts, { roles, groups, demo }) {
  const neutral = /NEUTRAL = N_\("(.+?)"\)/.exec(readFileSync(join(here, "src", "sw-texts.ts"), "utf8"))[1];
  const staff = roles.staff.filter((path) => !roles.family.includes(path) && !roles.youth.includes(path));
  const other = new Set([...staff, ...demo, ...Object.values(groups).flat(), ...Object.values(staffTexts), ...Object.entries(languages).filter(([lang]) => lang !== "sv").map(([, path]) => path)]);
  const precached = [...files(dist)].map(address).map((path) => (path === "/index.html" ? "/" : path)).filter((path) => !other.has(path) && !["/csp.json", "/robots.txt"].includes(path) && !path.startsWith("/.well-known/"));
  const version = sha256([...files(dist)].map((path) => `${address(path)} ${sha256(readFileSync(path))}`).join("\n")).slice(0, 12);
  await build({
    ...common, entryPoints: ["sw.ts"], outfile: join(dist, "sw.js"), format: "iife", tsconfig: "tsconfig.sw.json",
    define: {
      __PRECACHE__: JSON.stringify(precached), __STAFF_FILES__: JSON.stringify([...staff, staffTexts.sv]), __GROUP_FILES__: JSON.stringify(groups), __VERSION__: JSON.stringify(version), __CATALOGS__: JSON.stringify(languages), __STAFF_TEXTS__: JSON.stringify(staffTexts), __NEUTRAL__: JSON.stringify(inAllLanguages(neutral)),
    },
  });
  return version;
}

function compress() {
  for (const path of [...files(dist)]) {
    if (!COMPRESSED.test(path) || path.endsWith("csp.json")) continue;
    const bytes = readFileSync(path);
    writeFileSync(`${path}.br`, brotli(bytes));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

const weight = (paths) => paths.reduce((sum, path) => sum + statSync(`${join(dist, path)}.br`).size, 0);

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "assets"), { recursive: true });
cpSync(join(here, "static"), dist, { recursive: true });
const { names, core: languages, staff: staffTexts } = catalogs();
const css = await styles();
const js = await scripts({ __CATALOGS__: JSON.stringify(languages), __STAFF_TEXTS__: JSON.stringify(staffTexts), __STYLES__: JSON.stringify(css.href), __REGION__: JSON.stringify(helpContacts()) }, names);
page({ css, js, languages });
const version = await worker(languages, staffTexts, js);
compress();

// For those who look after the weight: not served.
writeFileSync(join(dist, "meta.json"), `${JSON.stringify({ first: js.first, css: [css.href], roles: js.roles, groups: js.groups })}\n`);
const weights = (lists) => Object.entries(lists).map(([name, paths]) => [name, weight(paths)]);
const [byRole, byGroup] = [weights(js.roles), weights(js.groups)];
const first = { js: weight(js.first), css: weight([css.href]) };
const summary = `first screen ${kilobytes(first.js)} kB JS + ${kilobytes(first.css)} kB CSS, ${byRole.map(([role, bytes]) => `${role} ${kilobytes(bytes)}`).join(", ")} kB (${byGroup.map(([group, bytes]) => `${group} + ${kilobytes(bytes)}`).join(", ")}), all JS ${kilobytes(weight(js.all))} kB, ${Object.entries(languages).map(([lang, path]) => `${lang} ${kilobytes(weight([path]))} + ${kilobytes(weight([staffTexts[lang]]))} kB`).join(", ")}`;
const hats = byGroup.map(([group, bytes]) => [`staff with ${group}`, weight(js.roles.staff) + bytes]);
const over = [
  ["first screen, JS", first.js, BUDGET.js], ["first screen, CSS", first.css, BUDGET.css], ...[...byRole, ...hats].map(([who, bytes]) => [`${who}, JS`, bytes, BUDGET.all]),
].filter(([, bytes, most]) => bytes > most * 1000);
for (const [what, bytes, most] of over) console.error(`over its budget: ${what} ${kilobytes(bytes)} kB, at most ${most}`);
if (over.length > 0) process.exit(1);
rmSync(target, { recursive: true, force: true });
renameSync(dist, target);
console.log(`built ${version}: ${summary} (brotli)`);
