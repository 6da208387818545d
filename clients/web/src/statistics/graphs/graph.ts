// SPDX-License-Identifier: Apache-2.0

/** The graphs of an I/O graph, and how the address has them. */

export const UNITS = [
  "Packets",
  "Bytes",
  "Bits",
  "SUM(Y Field)",
  "COUNT FRAMES(Y Field)",
  "COUNT FIELDS(Y Field)",
  "MAX(Y Field)",
  "MIN(Y Field)",
  "AVG(Y Field)",
  "LOAD(Y Field)",
] as const;
export type Unit = (typeof UNITS)[number];

export const STYLES = ["Line", "Step line", "Bar", "Dot", "Impulse"] as const;
export type Style = (typeof STYLES)[number];

/** The colors, in the order of the CSS properties `--series-1` and so on. */
export const COLORS = ["Blue", "Red", "Green", "Purple", "Amber", "Cyan"] as const;
export type Color = (typeof COLORS)[number];

/** Over how many intervals an average moves; 0 for none. */
export const PERIODS = [0, 10, 20, 50, 100, 200, 500, 1000] as const;
export type Period = (typeof PERIODS)[number];

export interface Graph {
  readonly isOn: boolean;
  readonly name: string;
  readonly filter: string;
  readonly color: Color;
  readonly style: Style;
  readonly unit: Unit;
  /** The field that the unit is about, if it is about one. */
  readonly field: string;
  readonly period: Period;
}

const ALL_PACKETS: Graph = {
  isOn: true,
  name: "All Packets",
  filter: "",
  color: "Blue",
  style: "Line",
  unit: "Packets",
  field: "",
  period: 0,
};

const TCP_ERRORS: Graph = {
  ...ALL_PACKETS,
  name: "TCP Errors",
  filter: "tcp.analysis.flags",
  color: "Red",
  style: "Bar",
};

/** Returns a graph of the packets that pass a filter, in a color that isn't taken. */
export function graphFor(filter: string, others: readonly Graph[]): Graph {
  const taken = new Set(others.map(({ color }) => color));
  const color = COLORS.find((each) => !taken.has(each)) ?? "Blue";
  return { ...ALL_PACKETS, name: filter ? "Filtered packets" : "All Packets", filter, color };
}

/** Returns the graphs that Wireshark shows first. */
export function defaultGraphs(filter: string): readonly Graph[] {
  const first = [ALL_PACKETS, TCP_ERRORS];
  return filter ? [...first, graphFor(filter, first)] : first;
}

/** Whether a unit is about a field. */
export function needsField(unit: Unit): boolean {
  return unit.includes("Y Field");
}

// The address has this many values for each graph, between asterisks.
const SEPARATOR = "*";
const VALUES = 8;

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll(SEPARATOR, "%2A");
}

function unescaped(text: string): string {
  return text.replaceAll("%2A", SEPARATOR).replaceAll("%25", "%");
}

function valuesOf({ isOn, name, filter, color, style, unit, field, period }: Graph): string[] {
  return [
    isOn ? "1" : "0",
    escaped(name),
    escaped(filter),
    String(COLORS.indexOf(color) + 1),
    String(STYLES.indexOf(style) + 1),
    String(UNITS.indexOf(unit) + 1),
    escaped(field),
    period > 0 ? String(period) : "",
  ];
}

function graphOf(values: readonly string[]): Graph {
  const [on, name = "", filter = "", color, style, unit, field = "", period] = values;
  return {
    isOn: on === "1",
    name: unescaped(name),
    filter: unescaped(filter),
    color: COLORS[Number(color) - 1] ?? "Blue",
    style: STYLES[Number(style) - 1] ?? "Line",
    unit: UNITS[Number(unit) - 1] ?? "Packets",
    field: unescaped(field),
    period: PERIODS.find((each) => each === Number(period)) ?? 0,
  };
}

/** Returns graphs as the address has them. */
export function formatGraphs(graphs: readonly Graph[]): string {
  return graphs.flatMap(valuesOf).join(SEPARATOR);
}

/** Reads graphs from the address. */
export function parseGraphs(text: string): readonly Graph[] {
  const values = text.split(SEPARATOR);
  const count = Math.ceil(values.length / VALUES);
  return Array.from({ length: count }, (_, at) =>
    graphOf(values.slice(at * VALUES, (at + 1) * VALUES)),
  );
}
