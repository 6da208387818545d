// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { useRowWindow } from "../ui/row-window.js";
import { classOf, comparison, Headings, type TableColumn } from "../ui/table.js";
import { useOrder } from "../ui/use-order.js";
import { parentOf, sortedTree, type TreeNode, treeOf, visibleNodes } from "./tree.js";

export interface TreeTableProps<Row extends { readonly depth: number }> {
  readonly label: string;
  /** The first one has the tree. */
  readonly columns: readonly TableColumn<Row>[];
  /** The nodes in pre-order. */
  readonly rows: readonly Row[];
  /** What Enter and a double click do with a row. */
  readonly onOpen?: (row: Row) => void;
  readonly onMenu?: (event: MouseEvent, row: Row) => void;
}

/** A table whose rows are a tree, with the keys of Wireshark's trees. */
export function TreeTable<Row extends { readonly depth: number }>(
  props: TreeTableProps<Row>,
): JSX.Element {
  const { label, columns, rows, onOpen, onMenu } = props;
  const [order, setOrder] = useOrder("sort");
  const nodes = useMemo(() => {
    const compare = comparison(columns, order);
    return compare ? sortedTree(treeOf(rows), compare) : treeOf(rows);
  }, [rows, order]);
  const [collapsed, setCollapsed] = useState<ReadonlySet<number>>(new Set());
  const [current, setCurrent] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const shown = visibleNodes(nodes, collapsed);
  const { first, end, before, behind, reveal } = useRowWindow(body, shown.length);

  function setOpen({ index }: TreeNode<Row>, open: boolean): void {
    const others = new Set(collapsed);
    if (open) others.delete(index);
    else others.add(index);
    setCollapsed(others);
  }

  function go(node: TreeNode<Row> | undefined): void {
    if (!node) return;
    setCurrent(node.index);
    reveal(shown.indexOf(node));
    // The row may become an element only now that it can be seen.
    requestAnimationFrame(() => {
      body.current?.querySelector<HTMLElement>(`[data-node="${String(node.index)}"]`)?.focus();
    });
  }

  function onKey(event: KeyboardEvent, node: TreeNode<Row>): void {
    const at = shown.indexOf(node);
    const isOpen = node.hasChildren && !collapsed.has(node.index);
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => {
        go(shown[at + 1]);
      },
      ArrowUp: () => {
        go(shown[at - 1]);
      },
      Home: () => {
        go(shown[0]);
      },
      End: () => {
        go(shown.at(-1));
      },
      ArrowRight: () => {
        if (isOpen) go(shown[at + 1]);
        else setOpen(node, true);
      },
      ArrowLeft: () => {
        if (isOpen) setOpen(node, false);
        else go(parentOf(nodes, node));
      },
      Enter: () => onOpen?.(node.value),
    };
    const action = event.target === event.currentTarget ? keys[event.key] : undefined;
    if (!action) return;
    event.preventDefault();
    action();
  }

  const focusable = shown.some(({ index }) => index === current) ? current : shown[0]?.index;
  return (
    <table
      class="table tree-table"
      role="treegrid"
      aria-label={label}
      aria-rowcount={shown.length + 1}
    >
      <Headings columns={columns} example={rows[0]} order={order} onOrder={setOrder} />
      <tbody ref={body}>
        {before > 0 && <tr aria-hidden="true" style={{ height: `${String(before)}px` }} />}
        {shown.slice(first, end).map((node, index) => (
          <tr
            key={node.index}
            data-node={node.index}
            aria-rowindex={first + index + 2}
            aria-level={node.depth + 1}
            {...(node.hasChildren && { "aria-expanded": !collapsed.has(node.index) })}
            tabIndex={node.index === focusable ? 0 : -1}
            onFocus={() => {
              setCurrent(node.index);
            }}
            onKeyDown={(event) => {
              onKey(event, node);
            }}
            onDblClick={() => onOpen?.(node.value)}
            onContextMenu={(event) => onMenu?.(event, node.value)}
          >
            {columns.map(({ value, show }, column) => (
              <td
                key={column}
                class={column > 0 ? classOf(value, node.value) : ""}
                {...(column === 0 && { style: { paddingLeft: `${String(node.depth * 18)}px` } })}
              >
                {column === 0 && (
                  <span
                    class="tree-handle"
                    aria-hidden="true"
                    onClick={() => {
                      if (node.hasChildren) setOpen(node, collapsed.has(node.index));
                    }}
                  >
                    {!node.hasChildren ? "" : collapsed.has(node.index) ? "▸" : "▾"}
                  </span>
                )}
                {show ? show(node.value) : String(value(node.value))}
              </td>
            ))}
          </tr>
        ))}
        {behind > 0 && <tr aria-hidden="true" style={{ height: `${String(behind)}px` }} />}
      </tbody>
    </table>
  );
}
