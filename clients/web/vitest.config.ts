// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vitest/config";
import { clientAliases } from "./vite.config.js";

export default defineConfig({
  resolve: { alias: clientAliases },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx", "tests/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A busy machine needs longer than the default of a second.
    expect: { poll: { timeout: 90_000 } },
    // Each file of tests/ has a daemon, a gateway and a browser of its own.
    maxWorkers: 2,
  },
});
