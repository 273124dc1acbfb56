/** What a browser calls itself, as people do: its name and the device that it runs on. */
export function agentOf(text: string): { browser: string; device: string; phone: boolean } {
  const first = (names: readonly (readonly [RegExp, string])[]) => names.find(([sign]) => sign.test(text))?.[1] ?? "";
  return { browser: first(BROWSERS) || text.split("/")[0] || "", device: first(DEVICES), phone: /Mobi|iPad/.test(text) };
}

const BROWSERS = [
  [/MicroMessenger/, "WeChat"],
  [/Edg/, "Edge"],
  [/Firefox/, "Firefox"],
  [/Chrome|CriOS/, "Chrome"],
  [/Safari/, "Safari"],
] as const;
const DEVICES = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/HarmonyOS/, "HarmonyOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "Mac"],
  [/Linux/, "Linux"],
] as const;
