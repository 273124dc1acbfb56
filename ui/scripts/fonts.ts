import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Plugin } from "vite";

const SOURCE = "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf";

/** Brings along the font that the server sets documents in; the page itself doesn't load it. */
export function fonts(): Plugin {
  return {
    name: "chengdan-fonts",
    apply: "build",
    generateBundle() {
      const file = createRequire(import.meta.url).resolve(SOURCE);
      this.emitFile({ type: "asset", fileName: "fonts/NotoSansSC-Regular.ttf", source: readFileSync(file) });
    },
  };
}
