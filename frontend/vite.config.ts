import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const backend = process.env.TRIPTYCH_BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig({
  // Django's static files carry the build; in development Vite serves it from the root.
  base: process.env.NODE_ENV === "production" ? "/static/" : "/",
  plugins: [react()],
  resolve: {
    alias: {
      "@": fileURLToPath(new URL("./src", import.meta.url)),
      // Texts that the command line reads too.
      "@catalog": fileURLToPath(new URL("../annotator/i18n", import.meta.url)),
    },
  },
  // The content security policy allows no data: scripts or fonts, so nothing is inlined.
  build: { target: "es2022", assetsInlineLimit: 0, sourcemap: false },
  // The page's own host goes on to Django, whose CSRF check compares it with the origin.
  server: { proxy: { "/api": { target: backend, changeOrigin: false } } },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
