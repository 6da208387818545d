// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { visible } from "./visible.js";

test.each([
  ["a\u202Epacp.exe", "a\\u202epacp.exe"],
  ["a\u2066b\u2069", "a\\u2066b\\u2069"],
  ["a\r\n\tb\u0007", "a\\r\\n\\tb\\u0007"],
  ["Grüße 日本 שלום 🦈.pcap", "Grüße 日本 שלום 🦈.pcap"],
])("%j is seen as it is", (name, seen) => {
  expect(visible(name)).toBe(seen);
});
