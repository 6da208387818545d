// SPDX-License-Identifier: Apache-2.0

import type { Node } from "@dissectd/client";
import { Severity } from "@dissectd/client/api";
import { endOf } from "./tree.js";

// The values of _ws.expert.severity: libwireshark's PI_ constants.
const BY_NUMBER: Readonly<Record<number, Severity>> = {
  0x00100000: Severity.COMMENT,
  0x00200000: Severity.CHAT,
  0x00400000: Severity.NOTE,
  0x00600000: Severity.WARNING,
  0x00800000: Severity.ERROR,
};

type SeverityNode = Pick<Node, "name" | "depth" | "label" | "value" | "severity" | "is">;

/**
 * Returns the severity that a node is colored by: that of its expert information, and for
 * the information itself its own, which only a field below it has.
 */
export function severityOf(nodes: readonly SeverityNode[], index: number): Severity {
  const node = nodes[index];
  if (node?.name !== "_ws.expert") return node?.severity ?? Severity.UNSPECIFIED;
  const own = nodes
    .slice(index, endOf(nodes, index))
    .find(({ name }) => name === "_ws.expert.severity");
  return BY_NUMBER[Number(own?.value)] ?? node.severity;
}
