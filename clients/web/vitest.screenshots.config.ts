// SPDX-License-Identifier: Apache-2.0
import config from "./vitest.config.js";

/** The pictures of the documentation, which are no tests. */
export default { ...config, test: { ...config.test, include: ["tests/screenshots.ts"] } };
