import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` finds the API. */
const server = process.env.SWITCHBOARD_URL ?? "http://127.0.0.1:8000";
const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": local("src") } },
  build: {
    outDir: process.env.CONSOLE_OUT ?? local("../src/switchboard/http/console"),
    emptyOutDir: true,
    target: ["chrome125", "firefox128", "safari17.5"],
    assetsInlineLimit: 0, // the content security policy loads nothing from data: but images
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/health", "/openapi.json"].map((path) => [path, { target: server, ws: true }]),
    ),
  },
});
