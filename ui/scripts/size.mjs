// How much does a browser load before the home, or a list, is on screen? Prints gzip sizes; fails above the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 420;
const FRAME = ["index.html", "src/app/shell/Shell.tsx", "src/locales/zh-CN/index.ts"];
const FIRST_ROUTES = ["src/pages/HomePage.tsx", "src/pages/ObjectPage.tsx"];
const root = new URL("../../src/chengdan/static/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", root), "utf8"));

/** The files that an entry needs before it runs. */
function collect(key, files, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(key)) return;
  seen.add(key);
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const next of chunk.imports ?? []) collect(next, files, seen);
}

const kilobytes = (file) => gzipSync(readFileSync(new URL(file, root)), { level: 9 }).length / 1024;

let most = 0;
for (const route of FIRST_ROUTES) {
  const files = new Set();
  for (const entry of [...FRAME, route]) {
    if (!manifest[entry]) throw new Error(`${entry} is not a chunk of the build`);
    collect(entry, files);
  }
  let total = 0;
  for (const file of [...files].sort()) {
    total += kilobytes(file);
    console.log(`${kilobytes(file).toFixed(1).padStart(8)} KB  ${file}`);
  }
  console.log(`${total.toFixed(1).padStart(8)} KB  ${route} (gzip), budget ${BUDGET_KB} KB`);
  most = Math.max(most, total);
}
if (most > BUDGET_KB) process.exit(1);
