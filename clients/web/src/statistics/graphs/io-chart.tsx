// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { attempt } from "../../app/notices.js";
import { Chart, type ChartSeries } from "../../ui/chart.js";
import { secondsOf, shownNumber } from "../numbers.js";
import type { Drawn } from "./drawn.js";
import { COLORS, type Style } from "./graph.js";
import type { GraphValues } from "./graph-values.js";
import { openFrameAt } from "./io-frames.js";
import { durationOf, type IoOptions, setRange } from "./io-options.js";
import { framesOf } from "./question.js";

const CHART_STYLES: Readonly<Record<Style, NonNullable<ChartSeries["style"]>>> = {
  Line: "line",
  "Step line": "steps",
  Bar: "bars",
  Dot: "dots",
  Impulse: "impulses",
};

function yLabelOf(drawn: readonly Drawn[], interval: string): string {
  const units = new Set(drawn.map(({ graph: { unit, field } }) => unit.replace("Y Field", field)));
  const [unit] = units;
  return units.size === 1 && unit ? `${unit} / ${interval}` : `Values / ${interval}`;
}

export interface IoChartProps {
  readonly session: Session;
  readonly options: IoOptions;
  readonly answer: GraphValues;
  readonly drawn: readonly Drawn[];
}

/** The graphs over time; a click leads to the packet. */
export function IoChart({ session, options, answer, drawn }: IoChartProps): JSX.Element {
  const { interval, isTimeOfDay, isLog, range } = options;
  const length = answer.intervalUs / 1e6 || durationOf(session);
  const first = isTimeOfDay ? secondsOf(session.info.firstTime) : 0;
  const xs = useMemo(
    () => Array.from({ length: answer.count }, (_, at) => first + at * length),
    [answer, first],
  );
  const data = useMemo((): [number[], ...(number | null)[][]] => {
    return [xs, ...drawn.map(({ values }) => [...values])];
  }, [xs, drawn]);
  const series = drawn.map(({ graph: { color, style }, label }) => ({
    label,
    color: `--series-${String(COLORS.indexOf(color) + 1)}`,
    style: CHART_STYLES[style],
  }));
  const shown = range && { min: range.min + first, max: range.max + first };

  function timeOf(index: number): string {
    if (isTimeOfDay) return new Date((first + index * length) * 1000).toLocaleTimeString();
    return `${shownNumber(index * length)} s`;
  }

  return (
    <Chart
      key={String(isTimeOfDay)}
      label="I/O Graph"
      series={series}
      data={data}
      isTime={isTimeOfDay}
      xLabel={isTimeOfDay ? "Time of day" : "Time (s)"}
      yLabel={yLabelOf(drawn, interval.title)}
      isLog={isLog}
      startsAtZero
      {...(shown && { initialRange: shown })}
      onRange={(now) => {
        setRange(now && { min: now.min - first, max: now.max - first });
      }}
      describe={({ index, series: place }) => {
        // The graph that a click is about comes first.
        const sorted = [...drawn.slice(place, place + 1), ...drawn.toSpliced(place, 1)];
        const values = sorted.map(
          ({ label, values: own }) => `${label} ${shownNumber(own[index] ?? 0)}`,
        );
        return `${timeOf(index)}: ${values.join(", ")}`;
      }}
      onPoint={(index, place) => {
        const graph = drawn[place]?.graph;
        const filter = graph ? framesOf(graph) : "";
        attempt(() => openFrameAt(session, index * length, (index + 1) * length, filter));
      }}
    />
  );
}
