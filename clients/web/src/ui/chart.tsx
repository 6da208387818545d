// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { theme } from "../app/theme.js";
import { lookOf } from "./chart-drawing.js";
import { ChartFoot } from "./chart-foot.js";
import type { Range } from "./chart-range.js";
import { Plot } from "./plot.js";
import { doKey, followPointer, KEYS_HELP } from "./plot-input.js";
export { pictureOf } from "./chart-picture.js";

export interface ChartSeries {
  readonly label: string;
  /** The name of a CSS property with the color, such as `--series-1`. */
  readonly color: string;
  /** `impulses` are vertical lines from zero, and `spans` from the `lows` to the values. */
  readonly style?: "line" | "bars" | "dots" | "steps" | "impulses" | "spans";
  /** Where the vertical lines of `spans` begin. They are read when the values change. */
  readonly lows?: readonly (number | null | undefined)[];
  /** Whether a line goes on where values are missing. */
  readonly spansGaps?: boolean;
}

/** A value of a series: their indexes in `data` (that of x doesn't count) and in `series`. */
export interface ChartPoint {
  readonly index: number;
  readonly series: number;
}

export interface ChartProps {
  readonly label: string;
  readonly series: readonly ChartSeries[];
  /** The values on the x axis, then those of each series; null is a gap. */
  readonly data: uPlot.AlignedData;
  /** The height in pixels; without it that of the element, as CSS has it. */
  readonly height?: number;
  /** Whether x is the time in seconds since 1970. */
  readonly isTime?: boolean;
  /** Returns what the x axis has at a whole number, such as the name of a bar. */
  readonly xText?: (value: number) => string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Whether the y axis is logarithmic; from -1 to 1 it is linear, so that it has zero. */
  readonly isLog?: boolean;
  /** Whether the y axis always begins at zero; by default only with bars and impulses. */
  readonly startsAtZero?: boolean;
  /**
   * Whether one can zoom, pan, move from point to point, and switch series on and off: by
   * default if something is to be done with points.
   */
  readonly isExplored?: boolean;
  /** Which point the cursor is at: one with the nearest x, or the nearest one of all. */
  readonly nearest?: "x" | "point";
  /** Returns what is said about the point at the cursor. */
  readonly describe?: (point: ChartPoint) => string;
  /** A point was clicked, or chosen by Enter. */
  readonly onPoint?: (index: number, series: number) => void;
  /** The part of the x axis that is shown first; all of it by default. */
  readonly initialRange?: Range;
  /** Another part of the x axis is shown; undefined if it is all of it. */
  readonly onRange?: (range: Range | undefined) => void;
}

function describe({ data, series, isTime, nearest }: ChartProps, point: ChartPoint): string {
  const at = data[0][point.index] ?? 0;
  const x = isTime ? new Date(at * 1000).toLocaleTimeString() : uPlot.fmtNum(at);
  const values = series.flatMap(({ label }, place) => {
    const value = data[place + 1]?.[point.index];
    const isMeant = nearest !== "point" || place === point.series;
    return value == null || !isMeant ? [] : [`${label} ${uPlot.fmtNum(value)}`];
  });
  return `${x}: ${values.join(", ")}`;
}

/**
 * A chart over numbers or time. If it is explored, dragging zooms, dragging with the shift
 * key and the wheel pan, the wheel with the control key zooms, a double click shows
 * everything again, and the keyboard does all of that.
 */
export function Chart(props: ChartProps): JSX.Element {
  const { data, label, onPoint } = props;
  const isExplored = props.isExplored ?? onPoint !== undefined;
  const help = useId();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [range, setRange] = useState(props.initialRange);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [point, setPoint] = useState<ChartPoint | undefined>(undefined);
  const isByKey = useRef(false);

  function open({ index, series }: ChartPoint): void {
    latest.current.onPoint?.(index, series);
  }

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const events = {
      onPoint: setPoint,
      onRange: (now: Range | undefined): void => {
        setRange(now);
        latest.current.onRange?.(now);
      },
    };
    const made = new Plot(element, () => latest.current, isExplored, events, range);
    plot.current = made;
    made.hide(hidden);
    if (isExplored) followPointer(made, open);
    const observer = new ResizeObserver(() => {
      made.fit();
    });
    observer.observe(element);
    return (): void => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
    // The colors belong to the theme.
  }, [lookOf(props), props.height, isExplored, theme.value]);

  useEffect(() => {
    plot.current?.setData();
  }, [data]);

  useEffect(() => {
    plot.current?.hide(hidden);
  }, [hidden]);

  if (!isExplored) return <div ref={box} class="chart" role="img" aria-label={label} />;
  const shown = point && point.index < data[0].length ? point : undefined;
  return (
    <div class="chart-area">
      <div
        ref={box}
        class="chart explored"
        role="application"
        aria-roledescription="chart"
        aria-label={label}
        aria-describedby={help}
        tabIndex={0}
        onPointerMove={() => {
          isByKey.current = false;
        }}
        onKeyDown={(event) => {
          isByKey.current = true;
          if (plot.current && doKey(plot.current, event, open)) event.preventDefault();
        }}
      />
      <span id={help} class="only-read">
        {KEYS_HELP}
      </span>
      <ChartFoot
        series={props.series}
        hidden={hidden}
        onHidden={setHidden}
        text={shown ? (props.describe ?? ((at): string => describe(props, at)))(shown) : ""}
        isSaid={isByKey.current}
        onReset={
          range &&
          ((): void => {
            plot.current?.show(undefined);
          })
        }
      />
    </div>
  );
}
