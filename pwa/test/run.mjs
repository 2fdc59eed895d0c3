/** Bundles every test file and runs them with node's own runner. Arguments pick files: `npm test -- walk`. */
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "dist-node", "test");
const wanted = process.argv.slice(2);
const files = readdirSync(here).filter((name) => name.endsWith(".test.ts") && (!wanted.length || wanted.some((part) => name.includes(part))));

rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: files.map((name) => join(here, name)),
  outdir: out, outExtension: { ".js": ".mjs" }, bundle: true, platform: "node", format: "esm", target: "node20",
  packages: "external", sourcemap: "inline", logLevel: "warning",
});
const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", "--test-timeout=120000", "--test-concurrency=3", ...files.map((name) => join(out, name.replace(/\.ts$/, ".mjs")))], {
  stdio: "inherit", env: { ...process.env, VECTORS: join(here, "..", "..", "tests", "sync", "vectors") },
});
process.exit(run.status ?? 1);
