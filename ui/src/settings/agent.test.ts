import { describe, expect, it } from "vitest";

import { agentOf } from "./agent";

const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0";

describe("agentOf", () => {
  it("names the browser and the device", () => {
    const phone = `Mozilla/5.0 (Linux; Android 14; V2301) ${CHROME} Mobile Safari/537.36`;
    expect(agentOf(phone)).toEqual({ browser: "Chrome", device: "Android", phone: true });
    expect(agentOf(`${phone} MicroMessenger/8.0`).browser).toBe("WeChat");
    expect(agentOf(`Mozilla/5.0 (Windows NT 10.0) ${CHROME} Safari/537.36 Edg/140.0`)).toEqual({
      browser: "Edge",
      device: "Windows",
      phone: false,
    });
    expect(agentOf("python-httpx/0.28")).toEqual({ browser: "python-httpx", device: "", phone: false });
  });
});
