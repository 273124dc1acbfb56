import { describe, expect, it } from "vitest";

import { MONEY_MARKS, readNumber, typedCurrency, typedValue } from "./reading";

describe("readNumber", () => {
  it("takes nothing typed for no number", () => {
    expect(["", "  ", "　"].map((text) => readNumber(text))).toEqual([null, null, null]);
  });

  it("reads separators and full-width figures", () => {
    expect(readNumber("1,234,567.50")).toBe(1_234_567.5);
    expect(readNumber("1 234 567")).toBe(1_234_567);
    expect(readNumber("120,0000")).toBe(1_200_000);
    expect(readNumber("１，２００．５")).toBe(1200.5);
    expect(readNumber("12。5")).toBe(12.5);
    expect(readNumber("－５")).toBe(-5);
    expect(readNumber("−5")).toBe(-5);
    expect(readNumber(".5")).toBe(0.5);
    expect(readNumber("1.")).toBe(1);
    expect(readNumber("0")).toBe(0);
  });

  it("understands Chinese units", () => {
    expect(readNumber("120万")).toBe(1_200_000);
    expect(readNumber("1.5亿")).toBe(150_000_000);
    expect(readNumber("5千")).toBe(5_000);
    expect(readNumber("3百万")).toBe(3_000_000);
    expect(readNumber("2千万")).toBe(20_000_000);
    expect(readNumber("1万亿")).toBe(1_000_000_000_000);
    expect(readNumber("1亿2000万")).toBe(120_000_000);
    expect(readNumber("-１．００５ 万")).toBe(-10_050);
  });

  it("refuses what it would have to guess", () => {
    const wrong = ["120x", "12 0", "1,20", "1,5", "1.2.3", "1万5", "1万2亿", "1万20千", "1e5", "0x10", "-", "万", "5-", "5²"];
    expect(wrong.filter((text) => readNumber(text) !== undefined)).toEqual([]);
    expect(readNumber("9".repeat(400))).toBeUndefined();
  });

  it("leaves the marks aside that may stand there, and no others", () => {
    expect(readNumber("¥1,200", MONEY_MARKS)).toBe(1200);
    expect(readNumber("￥ 120万元", ["¥"])).toBeUndefined();
    expect(readNumber("120万元", MONEY_MARKS)).toBe(1_200_000);
    expect(readNumber("-HK$5", MONEY_MARKS)).toBe(-5);
    expect(readNumber("usd 90", MONEY_MARKS)).toBe(90);
    expect(readNumber("15％", ["%"])).toBe(15);
    expect(readNumber("15%")).toBeUndefined();
    expect(readNumber("¥¥5", MONEY_MARKS)).toBeUndefined();
  });
});

describe("typedValue", () => {
  it("hands on what can't be read as it was typed", () => {
    expect(["120万", "", " 120x "].map((text) => typedValue(text))).toEqual([1_200_000, null, "120x"]);
  });
});

describe("typedCurrency", () => {
  it("is the one that stands beside the amount", () => {
    expect(typedCurrency("$5", "CNY")).toBe("USD");
    expect(typedCurrency("HK$5", "CNY")).toBe("HKD");
    expect(typedCurrency("5 eur", "CNY")).toBe("EUR");
    expect(typedCurrency("5元", "USD")).toBe("CNY");
    expect(typedCurrency("￥5", "USD")).toBe("CNY");
  });

  it("stays as chosen where the sign says nothing else", () => {
    expect([typedCurrency("5", "USD"), typedCurrency("¥5", "JPY"), typedCurrency("¥5", "CNY")]).toEqual([null, null, null]);
  });
});
