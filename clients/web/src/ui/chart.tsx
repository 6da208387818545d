// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { theme } from "../app/theme.js";

export interface ChartSeries {
  readonly label: string;
  /** The name of a CSS property with the color, such as `--series-1`. */
  readonly color: string;
  readonly style?: "line" | "bars" | "dots";
}

export interface ChartProps {
  readonly label: string;
  readonly series: readonly ChartSeries[];
  /** The values on the x axis, then those of each series; null is a gap. */
  readonly data: uPlot.AlignedData;
  readonly height: number;
  /** Whether x is the time in seconds since 1970. */
  readonly isTime?: boolean;
  readonly yLabel?: string;
  /** Tells the index of the point that was clicked. */
  readonly onPoint?: (index: number) => void;
}

function colorOf(element: Element, property: string): string {
  return getComputedStyle(element).getPropertyValue(property).trim();
}

function seriesOptions(element: Element, { label, color, style }: ChartSeries): uPlot.Series {
  const stroke = colorOf(element, color);
  if (style === "dots") return { label, stroke, paths: () => null, points: { show: true } };
  const bars = style === "bars" ? { paths: uPlot.paths.bars?.({ size: [0.9, 40] }) } : {};
  return { label, stroke, ...(style === "bars" && { fill: stroke }), ...bars } as uPlot.Series;
}

function optionsFor(element: HTMLElement, props: ChartProps): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: colorOf(element, "--text"),
    grid: { stroke: colorOf(element, "--border"), width: 1 },
    ticks: { stroke: colorOf(element, "--border"), width: 1 },
  };
  return {
    width: element.clientWidth,
    height: props.height,
    scales: { x: { time: props.isTime ?? false } },
    series: [{}, ...props.series.map((series) => seriesOptions(element, series))],
    axes: [axis, { ...axis, ...(props.yLabel !== undefined && { label: props.yLabel }) }],
    // A drag zooms, and a double click shows everything again.
    cursor: { drag: { x: true, y: false } },
  };
}

/** A chart over numbers or time. Dragging zooms, and a double click undoes that. */
export function Chart(props: ChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const { data, height, label, series } = props;
  const shape = series.map((each) => Object.values(each).join()).join(";");

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const made = new uPlot(optionsFor(element, props), data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return (): void => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
    // The colors belong to the theme.
  }, [shape, height, theme.value]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data]);

  return (
    <div
      ref={box}
      class="chart"
      role="img"
      aria-label={label}
      onClick={() => {
        const index = plot.current?.cursor.idx;
        if (index != null) props.onPoint?.(index);
      }}
    />
  );
}

/** Returns what a chart shows as a picture. */
export function pictureOf(chart: ParentNode): Promise<Blob> {
  const canvas = chart.querySelector("canvas");
  return new Promise((resolve, reject) => {
    if (!canvas) throw new Error("There is no chart.");
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("The browser can't make a picture of the chart."));
    });
  });
}
