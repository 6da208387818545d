// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A busy machine needs longer than the default of a second.
    expect: { poll: { timeout: 90_000 } },
    // Each file has a daemon of its own.
    maxWorkers: 2,
  },
});
