// SPDX-License-Identifier: Apache-2.0

/** A chart as uPlot draws it, in which one zooms, pans, and goes from point to point. */
import uPlot from "uplot";
import type { ChartPoint, ChartProps } from "./chart.js";
import { drawingOf } from "./chart-drawing.js";
import { including, moved, type Range, scaled, wholeRange, within } from "./chart-range.js";

// How far from the pointer, in pixels, a point may be.
const REACH = 40;

export interface PlotEvents {
  readonly onRange: (range: Range | undefined) => void;
  /** The cursor is at another point, or at none. */
  readonly onPoint: (point: ChartPoint | undefined) => void;
}

export class Plot {
  readonly chart: uPlot;
  /** Where the cursor is. */
  point: ChartPoint | undefined;
  // The point that keys have chosen: the nearest one may be of another series.
  private pinned: ChartPoint | undefined;

  constructor(
    private readonly element: HTMLElement,
    private readonly props: () => ChartProps,
    private readonly isExplored: boolean,
    private readonly events: PlotEvents,
    /** What is shown of the x axis; undefined for all of it. */
    private range: Range | undefined,
  ) {
    this.chart = new uPlot(this.options(), props().data, element);
  }

  /** The size of the chart changes with that of its element. */
  fit(): void {
    this.chart.setSize(this.size());
  }

  /** The values of the x axis that are shown. */
  get shown(): Range {
    return this.range ?? this.whole;
  }

  setData(): void {
    const { data } = this.props();
    if (this.chart.data === data) return;
    if (this.range) this.range = within(this.range, this.whole);
    if (this.point && this.point.index >= data[0].length) this.point = undefined;
    this.chart.setData(data);
  }

  hide(hidden: ReadonlySet<string>): void {
    this.props().series.forEach(({ label }, place) => {
      const show = !hidden.has(label);
      if (this.chart.series[place + 1]?.show !== show) this.chart.setSeries(place + 1, { show });
    });
  }

  show(range: Range | undefined): void {
    this.range = range && within(range, this.whole);
    const { min, max } = this.shown;
    this.chart.setScale("x", { min, max });
    this.events.onRange(this.range);
  }

  /** Shows more or less, with what is at a value where it is. */
  zoom(factor: number, around: number): void {
    this.show(scaled(this.shown, factor, around));
  }

  /** Moves what is shown by a part of its length. */
  pan(part: number): void {
    if (this.range) this.show(moved(this.range, part));
  }

  /** The value at the cursor, or else in the middle. */
  get center(): number {
    const { min, max } = this.shown;
    const at = this.point && this.chart.data[0][this.point.index];
    return at !== undefined && at >= min && at <= max ? at : (min + max) / 2;
  }

  /** Moves the cursor to a point, and shows it. */
  moveTo(point: ChartPoint): void {
    const x = this.chart.data[0][point.index] ?? 0;
    if (this.range) this.show(including(this.range, x));
    const y = this.chart.data[point.series + 1]?.[point.index] ?? 0;
    this.pinned = point;
    // The scales are drawn later otherwise.
    this.chart.batch(() => {
      this.chart.setScale("x", { ...this.shown });
    });
    this.chart.setCursor({
      left: this.chart.valToPos(x, "x"),
      top: this.chart.valToPos(y, "y"),
    });
    this.pinned = undefined;
  }

  /** The points of a series that have a value, from one on in a direction. */
  next(series: number, from: number, by: 1 | -1): number | undefined {
    const values = this.chart.data[series + 1] ?? [];
    for (let at = from; at >= 0 && at < values.length; at += by) {
      if (values[at] != null) return at;
    }
    return undefined;
  }

  isShown(series: number): boolean {
    return this.chart.series[series + 1]?.show ?? false;
  }

  destroy(): void {
    this.chart.destroy();
  }

  private get whole(): Range {
    const { data, series } = this.props();
    const hasBars = series.some(({ style }) => style === "bars");
    return wholeRange(data[0], hasBars);
  }

  private size(): { width: number; height: number } {
    const { clientWidth, clientHeight } = this.element;
    return { width: clientWidth, height: this.props().height ?? clientHeight };
  }

  private options(): uPlot.Options {
    const { y, ...drawing } = drawingOf(this.element, this.props);
    const x: uPlot.Scale = {
      time: this.props().isTime ?? false,
      range: (): uPlot.Range.MinMax => [this.shown.min, this.shown.max],
    };
    return { ...this.size(), ...drawing, scales: { x, y }, ...this.exploring() };
  }

  private exploring(): Pick<uPlot.Options, "cursor" | "hooks"> {
    if (!this.isExplored) return { cursor: { drag: { x: false, y: false } } };
    return {
      cursor: {
        drag: { x: true, y: false, setScale: false },
        dataIdx: (_plot, series, closest) => this.indexAtCursor(series, closest),
        bind: {
          // A drag with the shift key pans, which isn't uPlot's.
          mousedown: (_plot, _target, handler) => (event) => {
            if (!event.shiftKey) handler(event);
            return null;
          },
          dblclick: () => () => null,
        },
      },
      hooks: {
        setSelect: [this.onSelect],
        setCursor: [
          (): void => {
            this.events.onPoint(this.point);
          },
        ],
      },
    };
  }

  private readonly onSelect = (plot: uPlot): void => {
    const { left, width } = plot.select;
    if (width <= 0) return;
    this.show({ min: plot.posToVal(left, "x"), max: plot.posToVal(left + width, "x") });
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  };

  // uPlot asks for the x axis first, and marks one point of each series.
  private indexAtCursor(series: number, closest: number): number {
    if (series === 0) {
      this.point = this.pinned ?? this.nearest(closest);
      return closest;
    }
    if (this.props().nearest !== "point") return closest;
    // uPlot's types don't know that there may be no point to mark.
    const none = null as unknown as number;
    return this.point?.series === series - 1 ? this.point.index : none;
  }

  private nearest(closest: number): ChartPoint | undefined {
    const { left = -1, top = -1 } = this.chart.cursor;
    if (left < 0) return undefined;
    if (this.props().nearest !== "point") return this.nearestAmong(closest, closest, left, top);
    const first = this.chart.posToIdx(left - REACH);
    return this.nearestAmong(first, this.chart.posToIdx(left + REACH), left, top);
  }

  private nearestAmong(first: number, last: number, left: number, top: number): ChartPoint {
    const [xs, ...values] = this.chart.data;
    let found: ChartPoint = { index: first, series: 0 };
    let least = Infinity;
    values.forEach((ys, series) => {
      if (!this.isShown(series)) return;
      for (let index = first; index <= last; ++index) {
        const y = ys[index];
        if (y == null) continue;
        const aside = this.chart.valToPos(xs[index] ?? 0, "x") - left;
        const distance = Math.hypot(aside, this.chart.valToPos(y, "y") - top);
        if (distance >= least) continue;
        least = distance;
        found = { index, series };
      }
    });
    return found;
  }
}
