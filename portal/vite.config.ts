import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The server that `npm run dev` passes API calls on to. */
const server = process.env.POLPO_URL ?? "http://127.0.0.1:8065";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: process.env.PORTAL_OUT ?? "../src/polpo/portal/dist",
    emptyOutDir: true,
    assetsDir: "app/assets",
    // Nothing is inlined: the content security policy allows no data: scripts and fonts cache better as files.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            {
              name: "tanstack",
              test: /node_modules[\\/]@tanstack[\\/](react-query|query-core|react-router|router-core)/,
            },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": { target: server, changeOrigin: false } } },
  // One page for all files of a worker: to make one takes longer than its tests. A test leaves no element and no storage behind.
  test: { environment: "jsdom", isolate: false, include: ["src/**/*.test.{ts,tsx}"] },
});
