// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { COMBINATIONS, combine } from "./combine.js";

test("filters are combined as Wireshark combines them", () => {
  expect(COMBINATIONS.map((how) => combine("dns", "ip.ttl == 1", how))).toEqual([
    "ip.ttl == 1",
    "!(ip.ttl == 1)",
    "(dns) && (ip.ttl == 1)",
    "(dns) || (ip.ttl == 1)",
    "(dns) && !(ip.ttl == 1)",
    "(dns) || !(ip.ttl == 1)",
  ]);
  expect(combine("", "tcp", "… and Selected")).toBe("tcp");
  expect(combine("", "tcp", "… or not Selected")).toBe("!(tcp)");
});
