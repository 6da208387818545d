// SPDX-License-Identifier: Apache-2.0

import type { ColoringRule } from "@dissectd/client/api";
import type { CSSProperties, JSX } from "preact";
import type { PacketRow } from "./packet-feed.js";

// Columns with other titles share what is left with `Info`.
const WIDTHS: Readonly<Record<string, string>> = {
  "No.": "76px",
  Time: "116px",
  Source: "minmax(96px, 180px)",
  Destination: "minmax(96px, 180px)",
  Protocol: "84px",
  Length: "60px",
  Info: "minmax(160px, 4fr)",
};
const NUMERIC = new Set(["No.", "Length"]);

function cssColor(color: number): string {
  return `#${color.toString(16).padStart(6, "0")}`;
}

function gridOf(columns: readonly string[]): string {
  return columns.map((title) => WIDTHS[title] ?? "minmax(60px, 1fr)").join(" ");
}

function lineStyle(columns: readonly string[], rule: ColoringRule | undefined): CSSProperties {
  return {
    gridTemplateColumns: gridOf(columns),
    color: rule && cssColor(rule.foreground),
    background: rule && cssColor(rule.background),
  };
}

interface PacketLineProps {
  readonly row: PacketRow;
  readonly columns: readonly string[];
  readonly isSelected?: boolean;
}

/** A packet with its columns, in the colors of its coloring rule. */
export function PacketLine({ row, columns, isSelected = false }: PacketLineProps): JSX.Element {
  return (
    <div
      class={isSelected ? "packet-line selected" : "packet-line"}
      style={lineStyle(columns, isSelected ? undefined : row.rule)}
      title={row.rule?.name}
    >
      {row.texts.map((text, column) => (
        <span key={column} class={NUMERIC.has(columns[column] ?? "") ? "number" : ""}>
          {text}
        </span>
      ))}
    </div>
  );
}

/** The titles of the columns. */
export function PacketHeader({ columns }: { readonly columns: readonly string[] }): JSX.Element {
  return (
    <div class="packet-line packet-header" style={lineStyle(columns, undefined)}>
      {columns.map((title) => (
        <span key={title} class={NUMERIC.has(title) ? "number" : ""}>
          {title}
        </span>
      ))}
    </div>
  );
}
