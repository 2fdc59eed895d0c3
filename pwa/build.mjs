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

const here = dirname(fileURLToPath(import.meta.url));
const target = process.env.DIST ?? join(here, "dist");
/** Built here and put in place whole: a build that fails leaves the last good one standing. */
const dist = join(here, "node_modules", ".cache", `dist-${process.pid}`);
process.on("exit", () => rmSync(dist, { recursive: true, force: true }));
const CATALOGS = join(here, "src", "generated", "i18n-core");
/** Texts only professionals' pages have: fetched when somebody works here. */
const STAFF_CATALOGS = join(here, "src", "generated", "i18n-staff");
/** Kilobytes after brotli: what the first useful screen may weigh. */
const BUDGET = { js: 45, css: 10 };
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
const address = (path) => `/${relative(dist, path).split(sep).join("/")}`;

/** Copies the languages under a name that holds their hash; language → address. */
function catalogs() {
  if (process.env.PYTHON) execFileSync(process.env.PYTHON, ["-m", "server.web.catalogs", "compile"], { cwd: join(here, ".."), stdio: "inherit" });
  if (!existsSync(CATALOGS)) throw new Error("no compiled catalogs: run with PYTHON set, or `python -m server.web.catalogs compile` first");
  return { core: copied(CATALOGS, ""), staff: copied(STAFF_CATALOGS, "-staff") };
}

function copied(folder, mark) {
  const found = {};
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith(".json")) continue;
    const lang = name.replace(/\.json$/, "");
    const bytes = readFileSync(join(folder, name));
    found[lang] = `/assets/${lang}${mark}-${sha256(bytes).slice(0, 10)}.json`;
    writeFileSync(join(dist, found[lang]), bytes);
  }
  return found;
}

/** A text in every language, from the catalogs. */
function inAllLanguages(msgid) {
  return Object.fromEntries(readdirSync(CATALOGS).filter((name) => name.endsWith(".json")).sort().map((name) => {
    const { lang, messages } = JSON.parse(readFileSync(join(CATALOGS, name), "utf8"));
    return [lang, messages[msgid] ?? msgid];
  }));
}

async function styles() {
  const whole = await build({ ...common, entryPoints: ["src/styles/index.css"], outdir: join(dist, "assets"), entryNames: "style-[hash]", metafile: true });
  const critical = await build({ ...common, entryPoints: ["src/styles/critical.css"], write: false, outdir: join(dist, "assets") });
  return { href: address(join(here, Object.keys(whole.metafile.outputs).find((name) => name.endsWith(".css")))), critical: critical.outputFiles[0].text.trim() };
}

async function scripts(define) {
  const { metafile } = await build({
    ...common, entryPoints: { main: "src/main.tsx" }, outdir: join(dist, "assets"), splitting: true, format: "esm", metafile: true, define,
    entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", jsx: "automatic", jsxImportSource: "preact",
  });
  const outputs = Object.entries(metafile.outputs);
  const main = outputs.find(([, output]) => output.entryPoint === "src/main.tsx");
  // What main needs at once, and what those need: fetched in parallel instead of one after the other.
  const first = new Set([main[0]]);
  for (const path of first)
    for (const { path: needed, kind } of metafile.outputs[path].imports) if (kind === "import-statement") first.add(needed);
  return { main: address(join(here, main[0])), first: [...first].map((path) => address(join(here, path))), outputs: metafile.outputs };
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

async function worker(languages, staffTexts) {
  const neutral = /NEUTRAL = N_\("(.+?)"\)/.exec(readFileSync(join(here, "src", "sw-texts.ts"), "utf8"))[1];
  const other = new Set([...Object.entries(languages), ...Object.entries(staffTexts)].filter(([lang]) => lang !== "sv").map(([, path]) => path));
  const precached = [...files(dist)].map(address).map((path) => (path === "/index.html" ? "/" : path)).filter((path) => !other.has(path) && !["/csp.json", "/robots.txt"].includes(path) && !path.startsWith("/.well-known/"));
  const version = sha256([...files(dist)].map((path) => `${address(path)} ${sha256(readFileSync(path))}`).join("\n")).slice(0, 12);
  await build({
    ...common, entryPoints: ["sw.ts"], outfile: join(dist, "sw.js"), format: "iife", tsconfig: "tsconfig.sw.json",
    define: {
      __PRECACHE__: JSON.stringify(precached), __VERSION__: JSON.stringify(version), __CATALOGS__: JSON.stringify(languages), __STAFF_TEXTS__: JSON.stringify(staffTexts), __NEUTRAL__: JSON.stringify(inAllLanguages(neutral)),
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
const { core: languages, staff: staffTexts } = catalogs();
const css = await styles();
const js = await scripts({ __CATALOGS__: JSON.stringify(languages), __STAFF_TEXTS__: JSON.stringify(staffTexts), __STYLES__: JSON.stringify(css.href) });
page({ css, js, languages });
const version = await worker(languages, staffTexts);
compress();

const all = Object.keys(js.outputs).map((path) => address(join(here, path))).filter((path) => path.endsWith(".js"));
const first = { js: weight(js.first), css: weight([css.href]) };
const summary = `first screen ${kilobytes(first.js)} kB JS + ${kilobytes(first.css)} kB CSS, all JS ${kilobytes(weight(all))} kB, ${Object.entries(languages).map(([lang, path]) => `${lang} ${kilobytes(weight([path]))} + ${kilobytes(weight([staffTexts[lang]]))} kB`).join(", ")}`;
rmSync(target, { recursive: true, force: true });
renameSync(dist, target);
console.log(`built ${version}: ${summary} (brotli)`);
if (first.js > BUDGET.js * 1000 || first.css > BUDGET.css * 1000) console.warn(`over the budget of ${BUDGET.js} kB JS + ${BUDGET.css} kB CSS`);
