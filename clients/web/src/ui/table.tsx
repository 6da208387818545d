// SPDX-License-Identifier: Apache-2.0

import type { ComponentChildren, JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { useRowWindow } from "./row-window.js";
import { type Order, useOrder } from "./use-order.js";

export type CellValue = string | number | bigint;

export interface TableColumn<Row> {
  readonly title: string;
  /** What the column is sorted by, and what is downloaded. */
  readonly value: (row: Row) => CellValue;
  /** What is shown; the value itself by default. */
  readonly show?: (row: Row) => ComponentChildren;
}

export interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Opens the row, by a double click or Enter. */
  readonly onOpen?: (row: Row) => void;
  readonly onMenu?: (event: MouseEvent, row: Row) => void;
  /** What the address calls the order of the rows, if it has it. */
  readonly orderName?: string;
}

function compare(a: CellValue, b: CellValue): number {
  if (typeof a === "string" || typeof b === "string") {
    return String(a).localeCompare(String(b), undefined, { numeric: true });
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns how to compare rows for an order; undefined if they stay as they are. */
export function comparison<Row>(
  columns: readonly TableColumn<Row>[],
  order: Order | undefined,
): ((a: Row, b: Row) => number) | undefined {
  const column = order && columns[order.column];
  if (!column) return undefined;
  const sign = order.descending ? -1 : 1;
  return (a, b) => sign * compare(column.value(a), column.value(b));
}

/** Numbers are at the right, and so are the titles above them. */
export function classOf<Row>(value: (row: Row) => CellValue, row: Row | undefined): "number" | "" {
  return row !== undefined && typeof value(row) !== "string" ? "number" : "";
}

export interface HeadingsProps<Row> {
  readonly columns: readonly TableColumn<Row>[];
  /** A row that tells which columns have numbers. */
  readonly example: Row | undefined;
  readonly order: Order | undefined;
  readonly onOrder: (order: Order | undefined) => void;
}

/** The line of titles; a click on one sorts: upwards, downwards, and as it was. */
export function Headings<Row>(props: HeadingsProps<Row>): JSX.Element {
  const { columns, example, order, onOrder } = props;

  function sortBy(column: number): void {
    if (order?.column !== column) onOrder({ column, descending: false });
    else onOrder(order.descending ? undefined : { column, descending: true });
  }

  function directionOf(column: number): "ascending" | "descending" | "none" {
    if (order?.column !== column) return "none";
    return order.descending ? "descending" : "ascending";
  }

  return (
    <thead>
      <tr>
        {columns.map(({ title, value }, column) => (
          <th
            key={column}
            scope="col"
            class={classOf(value, example)}
            aria-sort={directionOf(column)}
          >
            <button
              type="button"
              onClick={() => {
                sortBy(column);
              }}
            >
              {title}
            </button>
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** A table that a click on a heading sorts: upwards, downwards, and as it was. */
export function Table<Row>(props: TableProps<Row>): JSX.Element {
  const { label, columns, rows, keyOf, onOpen, onMenu } = props;
  const [order, setOrder] = useOrder(props.orderName);
  const shown = useMemo(() => {
    const compareRows = comparison(columns, order);
    return compareRows ? rows.toSorted(compareRows) : rows;
  }, [rows, columns, order]);

  const body = useRef<HTMLTableSectionElement>(null);
  const { first, end, before, behind } = useRowWindow(body, shown.length);

  return (
    <table class="table" aria-label={label} aria-rowcount={shown.length + 1}>
      <Headings columns={columns} example={rows[0]} order={order} onOrder={setOrder} />
      <tbody ref={body}>
        {before > 0 && <tr aria-hidden="true" style={{ height: `${String(before)}px` }} />}
        {shown.slice(first, end).map((row, index) => (
          <tr
            key={keyOf(row)}
            aria-rowindex={first + index + 2}
            {...(onOpen && { tabIndex: 0 })}
            onDblClick={() => onOpen?.(row)}
            onKeyDown={({ key }) => {
              if (key === "Enter") onOpen?.(row);
            }}
            onContextMenu={(event) => onMenu?.(event, row)}
          >
            {columns.map(({ value, show }, column) => (
              <td key={column} class={classOf(value, row)}>
                {show ? show(row) : String(value(row))}
              </td>
            ))}
          </tr>
        ))}
        {behind > 0 && <tr aria-hidden="true" style={{ height: `${String(behind)}px` }} />}
      </tbody>
    </table>
  );
}
