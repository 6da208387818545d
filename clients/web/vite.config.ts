// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

function at(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

/** Where the client for TypeScript is, which its own scripts build. */
export const clientAliases = [
  { find: /^@dissectd\/client$/, replacement: at("../typescript/dist/src/index.js") },
  { find: /^@dissectd\/client\/(.*)$/, replacement: `${at("../typescript/dist/src")}/$1.js` },
];

export default defineConfig({
  resolve: {
    alias: clientAliases,
    // The client and the page share one copy.
    dedupe: ["@bufbuild/protobuf"],
  },
  // Any server of static files may serve the page, also below a path.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { target: "es2023", assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
});
