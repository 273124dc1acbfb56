import { describe, expect, it } from "vitest";

import type { Catalog, Field, FieldType, ObjectDefinition } from "@/api/types";

import { operatorsOf } from "./operators";
import { readFilter } from "./read";
import type { Scope } from "./scope";
import { type Condition, type Group, type Item, writeGroup } from "./tree";

const field = (name: string, type: FieldType, more: Partial<Field> = {}): Field => ({
  name,
  type,
  stored_type: type,
  label: { zh: `${name}的中文`, en: name },
  ...more,
});

const object = (name: string, fields: Field[], children: ObjectDefinition["children"] = []): ObjectDefinition => ({
  name,
  label: { zh: name, en: name },
  plural: { zh: name, en: name },
  title: "name",
  sensitive: [],
  file_kinds: [],
  sections: [],
  fields,
  children,
  pipeline: null,
  can: {} as ObjectDefinition["can"],
});

const FIELDS = [
  field("name", "text"),
  field("amount", "money", { label: { zh: "金额", en: "Amount" } }),
  field("stage", "select"),
  field("tags", "multi_select"),
  field("close_on", "date"),
  field("updated_at", "datetime"),
  field("owner", "user"),
  field("x_跟进", "boolean"),
  field("account", "reference", { object: "account" }),
];
const DEAL = object("deal", FIELDS, [
  { name: "calls", label: { zh: "电话", en: "Calls" }, object: "call", field: "deal" },
]);
const CATALOG = {
  version: 1,
  objects: {
    deal: DEAL,
    account: object("account", [field("name", "text"), field("industry", "select")]),
    call: object("call", [field("name", "text"), field("at", "datetime"), field("c", "integer")]),
  },
  pipelines: {},
  views: [],
  roles: [],
} as unknown as Catalog;
const SCOPE: Scope = { catalog: CATALOG, object: DEAL };

const SAMPLES: Record<string, unknown> = {
  none: null,
  text: 'a "quoted" \\ and more',
  number: -1000000.5,
  day: "2026-03-01",
  days: 7,
  hours: 48,
  options: ["won", "lost"],
  record: "0197",
};

const all = (...items: Item[]): Group => ({ kind: "group", join: "and", items });
const any = (...items: Item[]): Group => ({ kind: "group", join: "or", items });
const condition = (path: string, operator: string, value: unknown = null): Condition => ({
  kind: "condition",
  path: path.split("."),
  operator,
  value,
});
const read = (text: string) => readFilter(text, SCOPE);

describe("readFilter", () => {
  it("gives back every comparison that the builder can write", () => {
    for (const { name, stored_type } of FIELDS) {
      for (const operator of operatorsOf(stored_type)) {
        const group = all(condition(name, operator.id, SAMPLES[operator.value]));
        expect(read(writeGroup(group, SCOPE)), `${name} ${operator.id}`).toEqual(group);
      }
    }
  });

  it("gives back groups, fields of other records and conditions on children", () => {
    const group = all(
      condition("owner", "me"),
      any(condition("amount", "atLeast", 5), all(condition("close_on", "thisMonth"), condition("x_跟进", "yes"))),
      condition("account.industry", "anyOf", ["medical"]),
      { kind: "children", path: ["calls"], some: false, group: all(condition("at", "lastDays", 30)) },
      { kind: "children", path: ["calls"], some: true, group: any(condition("name", "is", "x"), condition("c", "above", 1)) },
      { kind: "children", path: ["calls"], some: true, group: all() },
    );
    const text = writeGroup(group, SCOPE);
    expect(text).toBe(
      "owner == me and (amount >= 5 or ((close_on >= start_of_month(today()) and close_on < " +
        "add_months(start_of_month(today()), 1)) and x_跟进 == true)) and account.industry in [\"medical\"] and " +
        'not exists(calls, x, x.at >= now() - 30d) and exists(calls, x, x.name == "x" or x.c > 1) and exists(calls)',
    );
    expect(read(text)).toEqual(group);
  });

  it("reads what people write: labels, Chinese words, units, methods, any spacing", () => {
    expect(read("金额>=10万 且 owner==me")).toEqual(all(condition("amount", "atLeast", 100000), condition("owner", "me")));
    expect(read('stage == "won" 或 非 x_跟进')).toEqual(any(condition("stage", "anyOf", ["won"]), condition("x_跟进", "no")));
    expect(read('calls.exists(k, k.name == "x")')).toEqual(
      all({ kind: "children", path: ["calls"], some: true, group: all(condition("name", "is", "x")) }),
    );
    expect(read("updated_at == null or now() - updated_at > 72h")).toEqual(
      any(condition("updated_at", "empty"), condition("updated_at", "olderThanHours", 72)),
    );
    expect(read('not (stage in ["won"]) and year(updated_at) == year(today())')).toEqual(
      all(condition("stage", "noneOf", ["won"]), condition("updated_at", "thisYear")),
    );
    expect(read('has(tags, "vip")')).toEqual(all(condition("tags", "has", "vip")));
  });

  it("gives nothing for what the builder can't show", () => {
    for (const text of [
      "amount >",
      "unknown == 1",
      "amount * 2 > 5",
      "amount > 5 and",
      "count(calls) > 2",
      "((((amount > 1 or amount > 2) and amount > 3) or amount > 4) and amount > 5)",
      "exists(calls, x, x.at > y.at)",
      "amount > 5 # 6",
    ]) {
      expect(read(text), text).toBeNull();
    }
  });

  it("gives no conditions for an empty filter, and leaves out what isn't filled in", () => {
    expect(read("  ")).toEqual(all());
    expect(writeGroup(all(condition("amount", "atLeast"), condition("owner", "me")), SCOPE)).toBe("owner == me");
  });
});
