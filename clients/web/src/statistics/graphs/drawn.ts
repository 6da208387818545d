// SPDX-License-Identifier: Apache-2.0

/** The graphs that are drawn, and what is wrong with the others. */
import type { TableColumn } from "../../ui/table.js";
import { shownNumber } from "../numbers.js";
import type { Graph } from "./graph.js";
import type { GraphValues } from "./graph-values.js";
import { drawnValues, questionOf } from "./question.js";

/** A graph that is drawn, with the values of its intervals. */
export interface Drawn {
  readonly graph: Graph;
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** Gives each graph a name that no other one has. */
function labelsOf(graphs: readonly Graph[]): string[] {
  return graphs.map(({ name }, place) => {
    const isTaken = graphs.slice(0, place).some((other) => other.name === name);
    const label = name || "Graph";
    return isTaken || !name ? `${label} (${String(place + 1)})` : label;
  });
}

/** Returns the graphs that are on and have values. */
export function drawnOf(graphs: readonly Graph[], { values }: GraphValues): Drawn[] {
  const labels = labelsOf(graphs);
  return graphs.flatMap((graph, place) => {
    const own = values.get(questionOf(graph).text);
    if (!graph.isOn || !own) return [];
    return [{ graph, label: labels[place] ?? "", values: drawnValues(graph, own) }];
  });
}

/** Says what is wrong with graphs that are on. */
export function problemsOf(graphs: readonly Graph[], { errors }: GraphValues): string[] {
  const labels = labelsOf(graphs);
  return graphs.flatMap((graph, place) => {
    const { text, problem = errors.get(text) } = questionOf(graph);
    return graph.isOn && problem ? [`${labels[place] ?? ""}: ${problem}`] : [];
  });
}

/** Returns the columns of a table whose rows are numbers of intervals. */
export function columnsOf(drawn: readonly Drawn[], length: number): TableColumn<number>[] {
  return [
    {
      title: "Start (s)",
      value: (row) => Number((row * length).toFixed(6)),
    },
    ...drawn.map(({ label, values }) => ({
      title: label,
      value: (row: number): number => values[row] ?? 0,
      show: (row: number): string => shownNumber(values[row] ?? 0),
    })),
  ];
}
