// SPDX-License-Identifier: Apache-2.0

import type { StatsTreeNode } from "@dissectd/client/api";
import type { JSX } from "preact";
import type { TableColumn } from "../ui/table.js";
import { TreeTable } from "./tree-table.js";
import type { PlainTree } from "./tables-of.js";

type NodeColumn = TableColumn<StatsTreeNode>;

/** A column of numbers that not all nodes have. */
function optional(
  title: string,
  read: (node: StatsTreeNode) => number | undefined,
  digits: number,
): NodeColumn {
  return {
    title,
    value: (node) => read(node) ?? "",
    show: (node) => read(node)?.toFixed(digits) ?? "",
  };
}

/** Returns the columns of Wireshark's trees of counters, under the titles of this one. */
export function treeColumns({ columns, nodes }: PlainTree): NodeColumn[] {
  const title = (index: number, usual: string): string => columns[index] ?? usual;
  const hasBursts = nodes.some(({ burstRatePerMs }) => burstRatePerMs !== undefined);
  const bursts = [
    optional(title(7, "Burst Rate"), ({ burstRatePerMs }) => burstRatePerMs, 4),
    optional(
      title(8, "Burst Start"),
      // A counter that has never counted has no burst.
      ({ count, burstStartSeconds }) => (count === 0n ? undefined : burstStartSeconds),
      3,
    ),
  ];
  return [
    { title: title(0, "Topic / Item"), value: ({ name }) => name },
    { title: title(1, "Count"), value: ({ count }) => count },
    optional(title(2, "Average"), ({ average }) => average, 2),
    optional(title(3, "Min Val"), ({ minimum }) => minimum, 0),
    optional(title(4, "Max Val"), ({ maximum }) => maximum, 0),
    optional(title(5, "Rate (ms)"), ({ ratePerMs }) => ratePerMs, 4),
    {
      title: title(6, "Percent"),
      value: ({ percent }) => percent,
      show: ({ percent }) => `${percent.toFixed(2)}%`,
    },
    ...(hasBursts ? bursts : []),
  ];
}

/** A tree of counters. */
export function StatsTreeTable({ tree, label }: { tree: PlainTree; label: string }): JSX.Element {
  return (
    <div class="table-area">
      <TreeTable label={label} columns={treeColumns(tree)} rows={tree.nodes} />
    </div>
  );
}
