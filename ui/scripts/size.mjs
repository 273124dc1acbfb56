// How much does a browser load before the first list is on screen? Prints gzip sizes; fails above the budget.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 420;
const FIRST_ROUTE = ["index.html", "src/pages/ObjectPage.tsx", "src/app/shell/Shell.tsx", "src/locales/zh-CN/index.ts"];
const root = new URL("../../src/chengdan/static/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", root), "utf8"));

const files = new Set();
function collect(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(key)) return;
  seen.add(key);
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const next of chunk.imports ?? []) collect(next, seen);
}
for (const entry of FIRST_ROUTE) {
  if (!manifest[entry]) throw new Error(`${entry} is not a chunk of the build`);
  collect(entry);
}

let total = 0;
for (const file of [...files].sort()) {
  const size = gzipSync(readFileSync(new URL(file, root)), { level: 9 }).length / 1024;
  total += size;
  console.log(`${size.toFixed(1).padStart(8)} KB  ${file}`);
}
console.log(`${total.toFixed(1).padStart(8)} KB  first route (gzip), budget ${BUDGET_KB} KB`);
if (total > BUDGET_KB) process.exit(1);
