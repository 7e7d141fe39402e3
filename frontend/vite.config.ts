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

/**
 * What react-router makes at its top and nobody here asks for (forms, prefetching) is left out: its
 * components are made by calls and named by assignments, which a bundler has to keep.
 */
const lean: Plugin = {
  name: "lean",
  transform: {
    filter: { id: /node_modules\/react-router\// },
    handler: (code) => ({
      code: code
        .replace(/ = (React\d*\.forwardRef\()/g, " = /* @__PURE__ */ $1")
        .replace(/^\w+\.displayName = "\w+";$/gm, ""),
      map: null,
    }),
  },
};

/**
 * What is loaded together: few files, for each costs half a kilobyte of headers and may cost a turn
 * on a slow line. `frame`: every page's libraries; `desk`: what every page has of our own, and both
 * desks; `annotate`: until the first item is on the screen; `later`, `kinds`, `regions`: see
 * annotate/later.ts and questions/registry.ts.
 */
const PREFERENCE =
  "Preference|QuestionFrame|kind|registry|steps|asked|beside|changes|Cell|OwnProgress|PromptWord|useImageName";
const TOGETHER = [
  {
    name: "frame",
    test: /node_modules\/(react|react-dom|scheduler|react-router|@tanstack|use-sync-external-store|openapi-fetch)\/|rolldown\/runtime|vite\/preload-helper/,
  },
  { name: "later", test: /src\/annotate\/(notNow|dialogs\/|panel\/DeskGuideline|learning\/(GuidelineChange|TodaysPace))|src\/ui\/(markdown\/(Markdown|sections)|desk\/(Guideline|KeyEditor|KeyHelp|Dialog)\.)/ },
  { name: "annotate", test: /src\/annotate\/(?!training|preview|single|learning\/(Difference|pace))|node_modules\/idb\// },
  {
    name: "desk",
    test: new RegExp(
      `src/(image/(?!heatmap|useLens)|ui/(?!KitProvider|markdown/Rendered|TextField)|api/|i18n/(?!otherCatalogs)[a-zA-Z]+\\.|questions/(${PREFERENCE})\\.|app/(Loading|LanguageSwitch|leftovers))`,
    ),
  },
  { name: "pages", test: /src\/(app\/(Frame|SignOut|Card)|ui\/TextField)/ },
  { name: "regions", test: /src\/questions\/([rR]egion|layers\/)/ },
  { name: "kinds", test: /src\/(questions\/|image\/(heatmap|useLens))/ },
];

const backend = process.env.TRIPTYCH_BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig({
  // Django's static files carry the build; in development Vite serves it from the root.
  base: process.env.NODE_ENV === "production" ? "/static/" : "/",
  plugins: [react(), lean, compressed],
  resolve: {
    alias: {
      // Its package names the development build for everybody, with what that warns of.
      "react-router": fileURLToPath(
        new URL("./node_modules/react-router/dist/production/index.mjs", import.meta.url),
      ),
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
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { includeDependenciesRecursively: false, groups: TOGETHER } } },
  },
  // The page's own host goes on to Django, whose CSRF check compares it with the origin.
  server: { proxy: { "/api": { target: backend, changeOrigin: false } } },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/questions/allKinds.ts"],
    restoreMocks: true,
  },
});
