// SPDX-License-Identifier: Apache-2.0
import config from "./vitest.config.js";

/** The measurements, which take long and so aren't tests. */
export default {
  ...config,
  test: {
    ...config.test,
    include: ["tests/**/*.bench.ts"],
    testTimeout: 3_600_000,
    // Each has the machine for itself.
    maxWorkers: 1,
  },
};
