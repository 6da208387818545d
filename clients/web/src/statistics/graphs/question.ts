// SPDX-License-Identifier: Apache-2.0

/** What the report `io,stat` is asked for graphs, and what they draw of its answer. */
import { both } from "../../filter/combine.js";
import { withoutCommas } from "./commas.js";
import { type Graph, needsField, type Unit } from "./graph.js";

const CALCULATIONS: Readonly<Record<Unit, string>> = {
  Packets: "FRAMES",
  Bytes: "BYTES",
  Bits: "BYTES",
  "SUM(Y Field)": "SUM",
  "COUNT FRAMES(Y Field)": "FRAMES",
  "COUNT FIELDS(Y Field)": "COUNT",
  "MAX(Y Field)": "MAX",
  "MIN(Y Field)": "MIN",
  "AVG(Y Field)": "AVG",
  "LOAD(Y Field)": "LOAD",
};

/** What the report is asked for a graph, or why it can't be asked. */
export interface Question {
  readonly text: string;
  readonly problem?: string;
}

/** Returns the frames that a graph is about. */
export function framesOf({ filter, unit, field }: Graph): string {
  return needsField(unit) ? both(field, filter) : filter;
}

/** Returns what `io,stat` takes for a graph. */
export function questionOf(graph: Graph): Question {
  const { unit, field } = graph;
  const calculation = CALCULATIONS[unit];
  const argument = calculation === "FRAMES" || calculation === "BYTES" ? "" : field;
  const text = `${calculation}(${argument})`;
  if (needsField(unit) && !/^[\w.-]+$/.test(field)) {
    return { text, problem: "Write the name of a field as the Y field, such as tcp.len." };
  }
  const frames = framesOf(graph);
  const filter = withoutCommas(frames);
  if (filter !== undefined) return { text: text + filter };
  const problem = "Graphs can't have filters with commas. Write it without, for example with ||.";
  return { text: text + frames, problem };
}

/** Returns the name of the report for questions. */
export function reportFor(intervalSeconds: number, questions: readonly string[]): string {
  return ["io,stat", String(intervalSeconds), ...questions].join(",");
}

/** Returns the mean of the values around each one; there are fewer at both ends. */
export function movingAverage(values: readonly number[], period: number): number[] {
  const before = Math.floor((period - 1) / 2);
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return values.map((_value, at) => {
    const first = Math.max(0, at - before);
    const end = Math.min(values.length, at - before + period);
    return ((sums[end] ?? 0) - (sums[first] ?? 0)) / (end - first);
  });
}

/** Returns the values that a graph draws; null where there is nothing to draw. */
export function drawnValues(
  { unit, style, period }: Graph,
  values: readonly number[],
): (number | null)[] {
  const scaled = unit === "Bits" ? values.map((value) => value * 8) : values;
  const averaged = period > 0 ? movingAverage(scaled, period) : [...scaled];
  // Wireshark draws no dots where there is nothing.
  return style === "Dot" ? averaged.map((value) => (value === 0 ? null : value)) : averaged;
}
