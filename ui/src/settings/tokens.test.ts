import { describe, expect, it } from "vitest";

import { standing, type Token } from "./tokens";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const token = (expires_at: string | null): Token => ({
  id: "1",
  name: "BI",
  scopes: ["read"],
  created_at: "2026-11-01T00:00:00Z",
  expires_at,
  last_used_at: null,
});

describe("a token's standing", () => {
  it("is good without an end, and while the end is far", () => {
    expect(standing(token(null), NOW)).toBe("good");
    expect(standing(token("2026-12-24T12:00:00Z"), NOW)).toBe("good");
  });

  it("tells of an end that is near or over", () => {
    expect(standing(token("2026-11-30T12:00:00Z"), NOW)).toBe("ending");
    expect(standing(token("2026-11-24T12:00:00Z"), NOW)).toBe("expired");
  });
});
