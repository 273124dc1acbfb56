import { describe, expect, it } from "vitest";

import { bestFit, fit, initialsOf } from "./match";

describe("initialsOf", () => {
  it("gives the first letters of pinyin", () => {
    expect(["竞争对手", "商机", "线索", "客户", "跟进记录", "任务", "产品", "API 令牌"].map(initialsOf)).toEqual([
      "jzds",
      "sj",
      "xs",
      "kh",
      "gjjl",
      "rw",
      "cp",
      "api lp",
    ]);
  });
});

describe("fit", () => {
  it("prefers what is the same, then what begins so, then a part, then initials, then letters in order", () => {
    const fits = ["商机", "商机看板", "我的商机", "设计", "世界杯"].map((name) => fit(name, "商机"));
    expect(fits).toEqual([1, 0.9, 0.8, 0, 0]);
    expect([fit("商机", "sj"), fit("商机看板", "sj"), fit("我的商机", "sj"), fit("新建商机", "xjs")]).toEqual([
      0.75, 0.7, 0.6, 0.7,
    ]);
    expect([fit("Opportunities", "opt"), fit("Opportunities", "zz")]).toEqual([0.3, 0]);
    expect(fit("新建任务", "建务")).toBe(0.4);
  });

  it("finds a thing by any of its names", () => {
    expect(bestFit(["商机", "Opportunities"], "opp")).toBe(0.9);
    expect(bestFit([], "opp")).toBe(0);
  });
});
