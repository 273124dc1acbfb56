import dayjs from "dayjs";
import { describe, expect, it } from "vitest";

import type { Field } from "@/api/types";

import type { Dated } from "../dates/moments";
import { conditionOf } from "./sections";

const field = (name: string, stored_type: Field["stored_type"]) => ({ name, stored_type }) as Field;
const DATED = { start: field("due_on", "date"), done: field("done", "boolean") } as Dated;
const TUESDAY = dayjs("2026-03-10T15:00:00");
const SUNDAY = dayjs("2026-03-15T15:00:00");

describe("conditionOf", () => {
  it("parts what is open by how far off it is", () => {
    expect(conditionOf("overdue", DATED, TUESDAY)).toBe('done != true and due_on < date("2026-03-10")');
    expect(conditionOf("today", DATED, TUESDAY)).toBe(
      'done != true and due_on >= date("2026-03-10") and due_on < date("2026-03-11")',
    );
    expect(conditionOf("week", DATED, TUESDAY)).toBe(
      'done != true and due_on >= date("2026-03-11") and due_on < date("2026-03-16")',
    );
    expect(conditionOf("later", DATED, TUESDAY)).toBe('done != true and due_on >= date("2026-03-16")');
    expect(conditionOf("undated", DATED, TUESDAY)).toBe("done != true and due_on == null");
    expect(conditionOf("done", DATED, TUESDAY)).toBe("done == true");
  });

  it("takes the coming week for the week on a Sunday", () => {
    expect(conditionOf("week", DATED, SUNDAY)).toBe(
      'done != true and due_on >= date("2026-03-16") and due_on < date("2026-03-23")',
    );
  });
});
