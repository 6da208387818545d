// SPDX-License-Identifier: Apache-2.0

/** How a chart draws its series and axes. */
import uPlot from "uplot";
import type { ChartProps, ChartSeries } from "./chart.js";
import { logTicks } from "./chart-range.js";

const AXIS_ROOM = 16;
const DIGIT_WIDTH = 7;
const LABEL_SIZE = 22;
const DOT_SIZE = 5;
const LINE_WIDTH = 1.5;
const X_AXIS_SIZE = 34;
const ASINH = 4;
const MINUTE_SECONDS = 60;
const DAY_SECONDS = 86_400;
const MOST_DIGITS = 9;
// Logarithms of steps such as 0.001 aren't exact.
const ROUNDING = 1e-9;

function colorOf(element: Element, property: string): string {
  return getComputedStyle(element).getPropertyValue(property).trim();
}

/** Draws a vertical line for each value: from zero, or from where `lows` says. */
function verticals(lows?: ChartSeries["lows"]): uPlot.Series.PathBuilder {
  return (plot, series, first, last) => {
    const path = new Path2D();
    const values = plot.data[series] ?? [];
    const bottom = plot.scales["y"]?.min ?? 0;
    for (let at = first; at <= last; ++at) {
      const value = values[at];
      if (value == null) continue;
      const x = Math.round(plot.valToPos(plot.data[0][at] ?? 0, "x", true));
      const low = lows ? (lows[at] ?? value) : Math.max(0, bottom);
      path.moveTo(x, plot.valToPos(low, "y", true));
      path.lineTo(x, plot.valToPos(value, "y", true));
    }
    return { stroke: path };
  };
}

function styleOf({ style = "line", lows }: ChartSeries, stroke: string): uPlot.Series {
  const points = { show: false };
  switch (style) {
    case "dots":
      return { paths: () => null, points: { show: true, size: DOT_SIZE, fill: stroke } };
    case "bars":
      return {
        fill: stroke,
        width: 0,
        ...pathsOf(uPlot.paths.bars?.({ size: [0.9, 40] })),
        points,
      };
    case "steps":
      return { ...pathsOf(uPlot.paths.stepped?.({ align: 1 })), width: LINE_WIDTH, points };
    case "impulses":
    case "spans":
      return { paths: verticals(style === "spans" ? lows : undefined), width: LINE_WIDTH, points };
    case "line":
      return { width: LINE_WIDTH };
  }
}

function pathsOf(paths: uPlot.Series.PathBuilder | undefined): uPlot.Series {
  return paths ? { paths } : {};
}

function seriesOptions(element: Element, series: ChartSeries): uPlot.Series {
  const stroke = colorOf(element, series.color);
  const { label, spansGaps = false } = series;
  return { label, stroke, spanGaps: spansGaps, ...styleOf(series, stroke) };
}

function lowestOf(plot: uPlot, series: readonly ChartSeries[], lowest: number): number {
  const [first, last] = plot.series[0]?.idxs ?? [0, -1];
  let low = lowest;
  series.forEach(({ lows }, place) => {
    if (!lows || plot.series[place + 1]?.show === false) return;
    for (let at = first; at <= last; ++at) low = Math.min(low, lows[at] ?? low);
  });
  return low;
}

/** Whether the y axis begins at zero even if no value is near. */
function startsAtZero({ startsAtZero: isAsked, series }: ChartProps): boolean {
  return isAsked ?? series.some(({ style }) => style === "bars" || style === "impulses");
}

function yScale(props: () => ChartProps): uPlot.Scale {
  const isLog = props().isLog ?? false;
  return {
    ...(isLog && { distr: ASINH }),
    range: (plot, lowest, highest): uPlot.Range.MinMax => {
      // There is nothing to show.
      if ((lowest as number | null) === null) return [0, 1];
      const least = lowestOf(plot, props().series, lowest);
      const low = startsAtZero(props()) && least > 0 ? 0 : least;
      const [min, max] = isLog
        ? uPlot.rangeAsinh(low, Math.max(highest, 1), 10, true)
        : uPlot.rangeNum(low, highest, 0.1, true);
      return [low >= 0 && min !== null && min < 0 ? 0 : min, max];
    },
  };
}

/** Returns the numbers at an axis with as many digits as tell them apart. */
function numbersAt(
  _plot: uPlot,
  splits: readonly (number | null)[],
  _axis: number,
  _space: number,
  step: number,
): (string | null)[] {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + ROUNDING));
  const format = new Intl.NumberFormat(undefined, {
    maximumFractionDigits: Math.min(digits + 1, MOST_DIGITS),
  });
  return splits.map((split) => (split === null ? null : format.format(split)));
}

/** Returns the times at an axis, with what tells them apart. */
function timesAt(
  _plot: uPlot,
  splits: readonly number[],
  _axis: number,
  _space: number,
  step: number,
): string[] {
  const day = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  const seconds = step < MINUTE_SECONDS ? ({ second: "2-digit" } as const) : {};
  // Swedish dates are those of ISO 8601, which Wireshark's columns have.
  const format = new Intl.DateTimeFormat("sv", step < DAY_SECONDS ? { ...time, ...seconds } : day);
  return splits.map((split) => format.format(split * 1000));
}

function xValues(isTime: ChartProps["isTime"], xText: ChartProps["xText"]): uPlot.Axis {
  if (isTime) return { values: timesAt };
  if (!xText) return { values: numbersAt };
  return { values: (_plot, splits) => splits.map(xText), incrs: [1, 2, 5, 10, 20, 50, 100] };
}

function axesOf(element: Element, props: ChartProps): uPlot.Axis[] {
  const { isTime, isLog, xLabel, xText, yLabel } = props;
  const line = { stroke: colorOf(element, "--border"), width: 1 };
  const axis = { stroke: colorOf(element, "--text"), grid: line, ticks: line };
  const labelled = (label: string | undefined): uPlot.Axis =>
    label === undefined ? {} : { label, labelSize: LABEL_SIZE };
  return [
    { ...axis, size: X_AXIS_SIZE, ...labelled(xLabel), ...xValues(isTime, xText) },
    {
      ...axis,
      ...labelled(yLabel),
      // uPlot's own go beyond a logarithmic axis.
      ...(isLog
        ? { splits: (_plot: uPlot, _axis: number, min: number, max: number) => logTicks(min, max) }
        : { values: numbersAt }),
      size: (_plot, values): number => {
        const longest = Math.max(4, ...((values as string[] | null) ?? []).map(lengthOf));
        return AXIS_ROOM + longest * DIGIT_WIDTH;
      },
    },
  ];
}

function lengthOf(text: string | null): number {
  return text?.length ?? 0;
}

/** Returns how uPlot draws a chart; `cursor` and the range of x are the caller's. */
export function drawingOf(
  element: Element,
  props: () => ChartProps,
): Pick<uPlot.Options, "series" | "axes" | "legend"> & { y: uPlot.Scale } {
  return {
    series: [{}, ...props().series.map((series) => seriesOptions(element, series))],
    axes: axesOf(element, props()),
    legend: { show: false },
    y: yScale(props),
  };
}

/** Returns what a chart looks like, so that another look is another text. */
export function lookOf({ series, isLog, isTime, xLabel, yLabel }: ChartProps): string {
  const looks = series.map(({ label, color, style, spansGaps }) => [
    label,
    color,
    style,
    spansGaps,
  ]);
  return JSON.stringify([looks, isLog, isTime, xLabel, yLabel]);
}
