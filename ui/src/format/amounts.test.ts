import { describe, expect, it } from "vitest";

import { addAmounts, formatAmounts, formatShortAmounts, isNothing, mainCurrency, readAmounts, sumOfRows } from "./amounts";

describe("amounts", () => {
  it("of one currency look like any sum", () => {
    expect(formatShortAmounts({ CNY: 1_250_000 }, "CNY", "zh-CN")).toBe("¥125万");
    expect(formatShortAmounts({ USD: 45_600, CNY: 0 }, "CNY", "zh-CN")).toBe("$4.56万");
    expect(formatShortAmounts({}, "CNY", "zh-CN")).toBe("¥0");
    expect(formatAmounts({ CNY: 1234.5 }, "CNY", "zh-CN")).toBe("¥1,234.50");
  });

  it("of several currencies stand side by side, the field's own first, each with a sign of its own", () => {
    const amounts = { EUR: -20_000, USD: 34_000, CNY: 120_000_000, JPY: 800_000 };
    expect(formatShortAmounts(amounts, "CNY", "zh-CN")).toBe("¥1.2亿 + JP¥80万 + US$3.4万 + −€2万");
    expect(formatAmounts({ USD: 34_000.5, CNY: 7 }, "CNY", "en")).toBe("¥7 + US$34,000.50");
  });

  it("are added within their currencies only", () => {
    expect(addAmounts({ CNY: 5, USD: 1 }, { USD: 2, EUR: 3 })).toEqual({ CNY: 5, USD: 3, EUR: 3 });
    expect(addAmounts({ CNY: 5 }, { CNY: 5 }, -1)).toEqual({ CNY: 0 });
    const rows = [{ value: "3" }, { value: 4, value_currency: "USD" }, { value: null, value_currency: "EUR" }];
    expect(sumOfRows(rows, "value", "CNY")).toEqual({ CNY: 3, USD: 4 });
  });

  it("are read from what the server says, else are in the field's own currency", () => {
    expect(readAmounts(null, { CNY: "1.5", USD: 2 }, "CNY")).toEqual({ CNY: 1.5, USD: 2 });
    expect(readAmounts(9, undefined, "EUR")).toEqual({ EUR: 9 });
  });

  it("are drawn in the currency that most of them have", () => {
    expect(mainCurrency([{ USD: 9 }, { CNY: 1, USD: 2 }, { CNY: 0 }], "CNY")).toBe("USD");
    expect(mainCurrency([{ USD: 9 }, { CNY: 1 }], "CNY")).toBe("CNY");
    expect([isNothing({ CNY: 0 }), isNothing(0), isNothing(null), isNothing({ CNY: 0, USD: 1 })]).toEqual([true, true, true, false]);
  });
});
