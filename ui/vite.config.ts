import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { fonts } from "./scripts/fonts.ts";
import { parts } from "./scripts/parts.ts";

const server = process.env.CHENGDAN_URL ?? "http://127.0.0.1:8000";

/** What most chunks need; but for the date picker, which no page shows before something is edited or narrowed down. */
const PARTS = /node_modules[\\/](?!@rc-component[\\/]picker|antd[\\/]es[\\/](date-picker|time-picker)|dayjs[\\/]plugin)/;
/** The app's own modules that many chunks need; what the date picker is made of would come along with ours. */
const OWN = /src[\\/](?!design[\\/](DatePicker|calendar))/;

export default defineConfig({
  plugins: [react(), fonts(), parts()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/chengdan/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    manifest: true,
    target: "es2022",
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { index: "index.html", public: "public.html", sw: "src/worker/sw.ts" },
      output: {
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        codeSplitting: {
          groups: [
            {
              name: "frame",
              test: /node_modules[\\/](react|react-dom|scheduler|i18next|@tanstack)[\\/]/,
              priority: 3,
            },
            { name: "icons", test: /node_modules[\\/]lucide-react[\\/]/, priority: 3 },
            { name: "parts", test: PARTS, minShareCount: 10, priority: 2 },
            { name: "page", test: OWN, minShareCount: 6, priority: 1 },
          ],
        },
      },
    },
  },
  server: { port: 5173, proxy: { "/api": { target: server, changeOrigin: false } } },
});
