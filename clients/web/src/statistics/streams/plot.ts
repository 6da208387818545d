// SPDX-License-Identifier: Apache-2.0

/** What is drawn over time, with the frame that each value is from. */
import type { TableColumn } from "../../ui/table.js";
import { shownNumber } from "../numbers.js";

export interface PlotSeries {
  readonly label: string;
  /** The name of a CSS property with the color. */
  readonly color: string;
  readonly style: "line" | "dots" | "steps" | "spans";
}

export interface PlotPoint {
  readonly frame: number;
  /** Seconds since the first frame of the capture. */
  readonly time: number;
  /** The index of its series. */
  readonly series: number;
  readonly value: number;
  /** Where a span ends that begins at the value. */
  readonly end?: number;
  /** What else is said about it. */
  readonly note?: string;
}

export interface Plot {
  readonly yLabel: string;
  readonly series: readonly PlotSeries[];
  /** The points in the order of their times. */
  readonly points: readonly PlotPoint[];
}

type Values = (number | undefined)[];

/** A plot as a chart takes it: a row for each point, with a value of one of the series. */
export interface AlignedPlot {
  /** The times, then the values of each series; those of spans are their upper ends. */
  readonly data: [number[], ...Values[]];
  /** The series with the lower ends of spans. */
  readonly series: readonly (PlotSeries & { readonly lows?: Values })[];
}

/** Returns the rows of a plot, of which each is a point. */
export function align({ series, points }: Plot): AlignedPlot {
  const valuesOf = (place: number, value: (point: PlotPoint) => number): Values =>
    points.map((point) => (point.series === place ? value(point) : undefined));
  return {
    data: [
      points.map(({ time }) => time),
      ...series.map((_, place) => valuesOf(place, ({ value, end }) => end ?? value)),
    ],
    series: series.map((each, place) =>
      each.style === "spans" ? { ...each, lows: valuesOf(place, ({ value }) => value) } : each,
    ),
  };
}

/** Returns the columns of the table that says the same as a plot. */
export function plotColumns({ yLabel, series, points }: Plot): TableColumn<PlotPoint>[] {
  const hasEnds = points.some(({ end }) => end !== undefined);
  const end: TableColumn<PlotPoint> = { title: "To", value: (point) => point.end ?? "" };
  return [
    { title: "Frame", value: ({ frame }) => frame },
    { title: "Time (s)", value: ({ time }) => time, show: ({ time }) => time.toFixed(6) },
    { title: "Graph", value: (point) => series[point.series]?.label ?? "" },
    { title: yLabel, value: ({ value }) => value },
    ...(hasEnds ? [end] : []),
  ];
}

/** Returns what is said about a point, for example `Packet 7 at 0.0125 s: ACK 189`. */
export function pointText({ series, points }: Plot, index: number): string {
  const point = points[index];
  if (!point) return "";
  const { frame, time, value, end, note } = point;
  const label = series[point.series]?.label ?? "";
  const span = end === undefined ? "" : ` to ${shownNumber(end)}`;
  const about = `Packet ${String(frame)} at ${time.toFixed(6)} s`;
  return `${about}: ${label} ${shownNumber(value)}${span}${note === undefined ? "" : `, ${note}`}`;
}
