import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import ts from "typescript";
import { describe, expect, it } from "vitest";

import { texts as enFirst } from "./en";
import { texts as enLate } from "./en/late";
import enPublic from "./en/public/public.json";
import type { Texts } from "./texts";
import { texts as zhFirst } from "./zh-CN";
import { texts as zhLate } from "./zh-CN/late";
import zhPublic from "./zh-CN/public/public.json";

const SOURCE = join(import.meta.dirname, "..");

/** The keys of a locale, plural forms as one. */
function keysOf(texts: Texts, prefix = ""): string[] {
  return Object.entries(texts).flatMap(([name, value]) =>
    typeof value === "string" ? [`${prefix}${name}`.replace(/_(one|other)$/, "")] : keysOf(value, `${prefix}${name}.`),
  );
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /(?<!\.test)\.tsx?$/.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
}

function markup(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? markup(path) : /\.tsx$/.test(entry.name) ? [path] : [];
  });
}

const SPOKEN = ["alt", "aria-label", "aria-description", "label", "placeholder", "title", "description", "tooltip"];
/** Names and signs that are the same in every language. */
const NAMES = ["Chengdan", "⌘K", "Esc", "Enter", "Tab", "Space", "PDF", "CSV", "XLSX", "ICS", "A4"];

/** The words in the markup of a file that don't come through `t()`, each with its place. */
function wordsIn(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const note = (node: ts.Node, text: string) => {
    const words = text.trim();
    if (!/\p{L}{2,}/u.test(words) || NAMES.includes(words)) return;
    found.push(`${relative(SOURCE, path)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${words}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) note(node, node.text);
    if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
      if (SPOKEN.includes(node.name.getText())) note(node, node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const FIRST_ROUTES = ["main.tsx", "app/shell/Shell.tsx", "pages/HomePage.tsx", "pages/ObjectPage.tsx"];

/** A file of ours and all that it imports before it runs. */
function loadedWith(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const text = readFileSync(path, "utf8");
  for (const [, from = ""] of text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+"([^"]+)"/gms)) {
    if (!/^(@\/|\.)/.test(from)) continue;
    const to = from.startsWith("@/") ? join(SOURCE, from.slice(2)) : join(dirname(path), from);
    const found = [to, `${to}.ts`, `${to}.tsx`, join(to, "index.ts")].find((one) => /\.tsx?$/.test(one) && existsSync(one));
    if (found) loadedWith(found, seen);
  }
  return seen;
}

const zhKeys = new Set(keysOf({ ...zhFirst, ...zhLate, public: zhPublic }));
const enKeys = new Set(keysOf({ ...enFirst, ...enLate, public: enPublic }));

describe("texts", () => {
  it("are there in both languages", () => {
    expect([...zhKeys].filter((key) => !enKeys.has(key))).toEqual([]);
    expect([...enKeys].filter((key) => !zhKeys.has(key))).toEqual([]);
  });

  it("exist for every key that the page asks for", () => {
    const asked = sources(SOURCE).flatMap((text) =>
      [...text.matchAll(/\bt\("([\w.]+)"/g)].map((match) => match[1] ?? ""),
    );
    expect(asked.length).toBeGreaterThan(150);
    expect([...new Set(asked)].filter((key) => !zhKeys.has(key))).toEqual([]);
  });

  it("of the first routes don't come late", () => {
    const first = new Set(FIRST_ROUTES.flatMap((name) => [...loadedWith(join(SOURCE, name))]));
    const asked = [...first].flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/"([a-z]+)\.\w[\w.]*"/gi)].map((match) => match[1] ?? ""),
    );
    expect(first.size).toBeGreaterThan(100);
    expect([...new Set(asked)].filter((area) => area in zhLate)).toEqual([]);
    expect(Object.keys(zhFirst).filter((area) => area in zhLate)).toEqual([]);
  });

  it("are what the page shows: no words stand in its markup", () => {
    expect(markup(SOURCE).flatMap(wordsIn)).toEqual([]);
  });

  it("leave no Chinese literal in the code", () => {
    const literals = sources(SOURCE).flatMap((text) =>
      [...text.replace(/\/\*[\s\S]*?\*\//g, "").matchAll(/["'`>][^"'`<\n]*[\u4e00-\u9fff][^"'`<\n]*["'`<]/g)].map(
        (match) => match[0],
      ),
    );
    const allowed = ['"亿"', '"万"', "· 成单`", '"成单"', '"阿八嚓'];
    expect(literals.filter((text) => !allowed.some((one) => text.includes(one.replace(/"/g, ""))))).toEqual([]);
  });
});
