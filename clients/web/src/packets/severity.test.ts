// SPDX-License-Identifier: Apache-2.0

import { Severity } from "@dissectd/client/api";
import { expect, test } from "vitest";
import { severityOf } from "./severity.js";

function node(
  name: string,
  depth: number,
  severity: Severity,
  value?: number,
): Parameters<typeof severityOf>[0][number] {
  return { name, depth, severity, value, label: name, is: (): boolean => false };
}

test("expert information has its own color, and a protocol that of the worst", () => {
  const nodes = [
    node("tcp", 0, Severity.ERROR),
    node("_ws.expert", 1, Severity.UNSPECIFIED),
    node("_ws.expert.severity", 2, Severity.UNSPECIFIED, 0x00400000),
    node("_ws.expert", 1, Severity.UNSPECIFIED),
    node("_ws.expert.severity", 2, Severity.UNSPECIFIED, 0x00800000),
  ];
  expect([0, 1, 2, 3].map((index) => severityOf(nodes, index))).toEqual([
    Severity.ERROR,
    Severity.NOTE,
    Severity.UNSPECIFIED,
    Severity.ERROR,
  ]);
});
