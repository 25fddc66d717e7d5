import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Where `npm run dev` finds the API. */
const server = process.env.SWITCHBOARD_URL ?? "http://127.0.0.1:8000";
const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Lays a `.br` and a `.gz` beside each file; the API sends the one that the browser takes. */
const packed: Plugin = {
  name: "packed",
  apply: "build",
  writeBundle({ dir = "." }) {
    for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
      if (!/\.(js|css|html|svg|json)$/.test(name)) continue;
      const content = readFileSync(join(dir, name));
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(content));
      writeFileSync(join(dir, `${name}.gz`), gzipSync(content, { level: 9 }));
    }
  },
};

export default defineConfig({
  plugins: [react(), tailwindcss(), packed],
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
