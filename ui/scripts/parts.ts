import { createHash } from "node:crypto";

import type { Plugin } from "vite";

const WORKER = "sw.js";
/** Files larger than this are kept when they are first used, not ahead. */
const MAX_BYTES = 700_000;

/** Writes into the service worker which files the page consists of, and a hash of them all. */
export function parts(): Plugin {
  return {
    name: "chengdan-parts",
    enforce: "post",
    apply: "build",
    generateBundle(_options, bundle) {
      const worker = bundle[WORKER];
      if (worker?.type !== "chunk") throw new Error(`${WORKER} is not part of the build`);
      const names: string[] = [];
      const hash = createHash("sha256");
      for (const [name, file] of Object.entries(bundle).sort(([one], [other]) => (one < other ? -1 : 1))) {
        if (name === WORKER) continue;
        const content = file.type === "chunk" ? file.code : file.source;
        hash.update(name).update(content);
        if (/^assets\/.*\.(js|css)$/.test(name) && content.length <= MAX_BYTES) names.push(`/${name}`);
      }
      const edition = hash.digest("hex").slice(0, 16);
      worker.code = worker.code
        .replaceAll("__PARTS__", JSON.stringify(names))
        .replaceAll("__EDITION__", JSON.stringify(edition));
    },
  };
}
