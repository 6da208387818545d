// SPDX-License-Identifier: Apache-2.0

/** The menu of a column's heading, as in Wireshark. */
import { type MenuItem, showMenu } from "../ui/menu.js";
import { type Alignment, CUSTOM, type PacketColumn } from "./column-format.js";
import {
  alignColumn,
  allColumns,
  columns,
  hideColumn,
  moveColumn,
  removeColumn,
  resetColumns,
  resolveColumn,
} from "./columns.js";

const ALIGNMENTS: readonly (readonly [Alignment, string])[] = [
  ["left", "Align Left"],
  ["center", "Align Center"],
  ["right", "Align Right"],
];

function ticked(isTicked: boolean, label: string): string {
  return isTicked ? `${label} ✓` : label;
}

function moves(column: PacketColumn): readonly MenuItem[] {
  const shown = columns.peek();
  const place = shown.indexOf(column);
  const [left, right] = [shown[place - 1], shown[place + 1]];
  const to = (label: string, other: PacketColumn): MenuItem => ({
    label,
    action: (): void => {
      moveColumn(column, other);
    },
  });
  return [...(left ? [to("Move Left", left)] : []), ...(right ? [to("Move Right", right)] : [])];
}

function visibility(): readonly MenuItem[] {
  const all = allColumns.peek();
  return all.map((column) => ({
    label: ticked(!column.isHidden, column.title),
    action: (): void => {
      hideColumn(column, !column.isHidden);
    },
  }));
}

/** Opens the menu; `onPreferences` opens the dialog, at a column if it is given. */
export function showColumnMenu(
  event: MouseEvent,
  column: PacketColumn,
  onPreferences: (column?: PacketColumn) => void,
): void {
  const alignments = ALIGNMENTS.map(([alignment, label]) => ({
    label: ticked(column.alignment === alignment, label),
    action: (): void => {
      alignColumn(column, alignment);
    },
  }));
  const names: MenuItem = {
    label: ticked(column.isResolved, "Resolve Names"),
    action: (): void => {
      resolveColumn(column, !column.isResolved);
    },
  };
  showMenu(event, [
    ...alignments,
    {
      label: "Column Preferences …",
      action: (): void => {
        onPreferences();
      },
    },
    {
      label: "Edit Column …",
      action: (): void => {
        onPreferences(column);
      },
    },
    ...(column.format === CUSTOM ? [names] : []),
    ...moves(column),
    {
      label: "Remove This Column",
      action: (): void => {
        removeColumn(column);
      },
    },
    { label: "Displayed Columns" },
    ...visibility(),
    { label: "Reset to the Profile's Columns", action: resetColumns },
  ]);
}
