import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { texts as en } from "./en";
import type { Texts } from "./texts";
import { texts as zh } from "./zh-CN";

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

const zhKeys = new Set(keysOf(zh));
const enKeys = new Set(keysOf(en));

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

  it("leave no Chinese literal in the code", () => {
    const literals = sources(SOURCE).flatMap((text) =>
      [...text.replace(/\/\*[\s\S]*?\*\//g, "").matchAll(/["'`>][^"'`<\n]*[\u4e00-\u9fff][^"'`<\n]*["'`<]/g)].map(
        (match) => match[0],
      ),
    );
    const allowed = ['"亿"', '"万"', "· 成单`", '"成单"'];
    expect(literals.filter((text) => !allowed.some((one) => text.includes(one.replace(/"/g, ""))))).toEqual([]);
  });
});
