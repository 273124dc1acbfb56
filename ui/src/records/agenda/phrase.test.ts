import dayjs from "dayjs";
import { describe, expect, it } from "vitest";

import { readPhrase } from "./phrase";

const TUESDAY = dayjs("2026-03-10T15:00:00");
const read = (line: string) => {
  const { text, day } = readPhrase(line, TUESDAY);
  return [text, day?.format("YYYY-MM-DD") ?? null];
};

describe("readPhrase", () => {
  it("reads days as people say them in Chinese", () => {
    expect(read("明天给王总回电话")).toEqual(["给王总回电话", "2026-03-11"]);
    expect(read("周五 发报价")).toEqual(["发报价", "2026-03-13"]);
    expect(read("周二交周报")).toEqual(["交周报", "2026-03-10"]);
    expect(read("下周一拜访华辰")).toEqual(["拜访华辰", "2026-03-16"]);
    expect(read("寄样品，大后天")).toEqual(["寄样品", "2026-03-13"]);
    expect(read("3月31日前收款")).toEqual(["前收款", "2026-03-31"]);
    expect(read("续约 2-28")).toEqual(["续约", "2027-02-28"]);
    expect(read("2027年1月5日 年会")).toEqual(["年会", "2027-01-05"]);
  });

  it("reads days as people say them in English", () => {
    expect(read("Call Ann tomorrow")).toEqual(["Call Ann", "2026-03-11"]);
    expect(read("Send the quote next monday")).toEqual(["Send the quote", "2026-03-16"]);
    expect(read("Thursday demo")).toEqual(["demo", "2026-03-12"]);
  });

  it("leaves what is no day alone", () => {
    expect(read("催 A-12-3456 的货")).toEqual(["催 A-12-3456 的货", null]);
    expect(read("报价 13-45")).toEqual(["报价 13-45", null]);
    expect(read("Sunny park")).toEqual(["Sunny park", null]);
  });
});
