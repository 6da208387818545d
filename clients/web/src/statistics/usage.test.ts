// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { argumentOf, needsArguments } from "./usage.js";

test.each([
  ["", "none"],
  ["[,filter]", "none"],
  ["[,ip|,ipv4|,ipv6]", "optional"],
  [",program,version[,filter]", "required"],
  [",interval[,filter]...", "required"],
])("usage %j takes arguments: %s", (usage, needs) => {
  expect(needsArguments(usage)).toBe(needs);
});

test.each([
  ["plen,tree", "[,filter]", "", "", "plen,tree"],
  ["plen,tree", "[,filter]", "", "ip", "plen,tree,ip"],
  ["rpc,srt", ",program,version[,filter]", ",100003,3", "ip", "rpc,srt,100003,3,ip"],
  ["hosts", "[,ip|,ipv4|,ipv6]", "ipv4", "ip", "hosts,ipv4"],
])("%s%s with %j and %j is %s", (name, usage, given, filter, argument) => {
  expect(argumentOf({ name, usage }, given, filter)).toBe(argument);
});
