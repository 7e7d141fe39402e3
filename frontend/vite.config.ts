import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Beside each script and style its compressed copies, which the site and the proxy send as they are. */
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  writeBundle({ dir = "" }, bundle) {
    for (const [name, file] of Object.entries(bundle)) {
      if (!/\.(js|css)$/.test(name)) continue;
      const content = file.type === "chunk" ? file.code : file.source;
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(content));
      writeFileSync(join(dir, `${name}.gz`), gzipSync(content, { level: 9 }));
    }
  },
};

/** What every page needs, and what both desks do: few files, for each costs a turn on a slow line. */
const TOGETHER = [
  {
    name: "frame",
    test: /node_modules\/(react|react-dom|scheduler|react-router|@tanstack|i18next|react-i18next|use-sync-external-store|openapi-fetch)\//,
  },
  { name: "desk", test: /src\/(questions|image|ui\/desk)\// },
];

const backend = process.env.TRIPTYCH_BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig({
  // Django's static files carry the build; in development Vite serves it from the root.
  base: process.env.NODE_ENV === "production" ? "/static/" : "/",
  plugins: [react(), compressed],
  resolve: {
    alias: {
      "@": fileURLToPath(new URL("./src", import.meta.url)),
      // Texts that the command line reads too.
      "@catalog": fileURLToPath(new URL("../annotator/i18n", import.meta.url)),
    },
  },
  // The content security policy allows no data: scripts or fonts, so nothing is inlined.
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    sourcemap: false,
    rolldownOptions: { output: { codeSplitting: { groups: TOGETHER } } },
  },
  // The page's own host goes on to Django, whose CSRF check compares it with the origin.
  server: { proxy: { "/api": { target: backend, changeOrigin: false } } },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
