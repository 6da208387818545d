// SPDX-License-Identifier: Apache-2.0

/** How wide the columns of the packet list are. The browser remembers what users choose. */
import { signal } from "@preact/signals";
import type { ColumnDefinition } from "@dissectd/client/api";

const KEY = "dissectd.columns.widths";
const LEAST = 32;
const OTHER = 120;

// The widths by format, in pixels. The info fills what is left.
const DEFAULTS: Readonly<Record<string, number>> = {
  "%m": 72,
  "%t": 112,
  "%s": 176,
  "%d": 176,
  "%p": 88,
  "%L": 64,
};

function stored(): Readonly<Record<string, number>> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Readonly<Record<string, number>>;
  } catch {
    return {};
  }
}

const chosen = signal(stored());

function keyOf({ format, customFields }: ColumnDefinition): string {
  return `${format} ${customFields}`.trim();
}

export function widthOf(column: ColumnDefinition): number {
  return chosen.value[keyOf(column)] ?? DEFAULTS[column.format] ?? OTHER;
}

export function setWidth(column: ColumnDefinition, width: number): void {
  chosen.value = { ...chosen.value, [keyOf(column)]: Math.max(LEAST, Math.round(width)) };
  localStorage.setItem(KEY, JSON.stringify(chosen.value));
}

/** Returns the widths as CSS has those of a grid's columns. */
export function gridColumns(columns: readonly ColumnDefinition[]): string {
  return columns
    .map((column, index) =>
      column.format === "%i" || index === columns.length - 1
        ? "minmax(120px, 1fr)"
        : `${String(widthOf(column))}px`,
    )
    .join(" ");
}
