// SPDX-License-Identifier: Apache-2.0

/** What the pointer and the keyboard do in a chart. */
import type { ChartPoint } from "./chart.js";
import type { Plot } from "./plot.js";

const ZOOM = 0.5;
const WHEEL_ZOOM = 1.2;
const PAN_PART = 0.2;
// A click that isn't the first half of a double click, in milliseconds.
const CLICK_MS = 250;
const CLICK_REACH = 4;

export const KEYS_HELP =
  "The arrow keys move from point to point and between series, plus and minus zoom, shift " +
  "with an arrow key moves the part that is shown, 0 shows everything again, and Enter opens " +
  "what is at the point.";

function panBy(plot: Plot, pixels: number): void {
  plot.pan(-pixels / plot.chart.over.clientWidth);
}

function onWheel(plot: Plot, event: WheelEvent): void {
  const { shown } = plot;
  if (event.ctrlKey) {
    const at = plot.chart.posToVal(event.offsetX, "x");
    plot.zoom(event.deltaY > 0 ? WHEEL_ZOOM : 1 / WHEEL_ZOOM, at);
  } else {
    panBy(plot, -(event.deltaX || event.deltaY));
  }
  // What doesn't move the chart moves the page.
  if (event.ctrlKey || shown.min !== plot.shown.min) event.preventDefault();
}

function followPan(plot: Plot, down: PointerEvent): void {
  const { over } = plot.chart;
  let last = down.clientX;
  over.setPointerCapture(down.pointerId);
  const move = (event: PointerEvent): void => {
    panBy(plot, event.clientX - last);
    last = event.clientX;
  };
  over.addEventListener("pointermove", move);
  over.addEventListener(
    "lostpointercapture",
    () => {
      over.removeEventListener("pointermove", move);
    },
    { once: true },
  );
}

/** Lets the pointer zoom, pan, and open points. */
export function followPointer(plot: Plot, onOpen: (point: ChartPoint) => void): void {
  const { over } = plot.chart;
  let downX = 0;
  let opening: ReturnType<typeof setTimeout> | undefined;
  over.addEventListener("pointerdown", (event) => {
    downX = event.clientX;
    if (event.button === 0 && event.shiftKey) followPan(plot, event);
  });
  over.addEventListener("click", ({ clientX, detail }) => {
    const { point } = plot;
    if (!point || detail > 1 || Math.abs(clientX - downX) > CLICK_REACH) return;
    opening = setTimeout(() => {
      onOpen(point);
    }, CLICK_MS);
  });
  over.addEventListener("dblclick", () => {
    clearTimeout(opening);
    plot.show(undefined);
  });
  over.addEventListener(
    "wheel",
    (event) => {
      onWheel(plot, event);
    },
    { passive: false },
  );
}

function firstShown(plot: Plot): number {
  return plot.chart.data.findIndex((_values, place) => place > 0 && plot.isShown(place - 1)) - 1;
}

function step(plot: Plot, by: 1 | -1): void {
  const { point } = plot;
  const series = point?.series ?? firstShown(plot);
  const start = plot.chart.valToIdx(by > 0 ? plot.shown.min : plot.shown.max);
  const index = plot.next(series, point ? point.index + by : start, by);
  if (index !== undefined) plot.moveTo({ index, series });
}

function toEnd(plot: Plot, by: 1 | -1): void {
  const series = plot.point?.series ?? firstShown(plot);
  const start = plot.chart.valToIdx(by < 0 ? plot.shown.min : plot.shown.max);
  const index = plot.next(series, start, by < 0 ? 1 : -1);
  if (index !== undefined) plot.moveTo({ index, series });
}

/** Goes to the point of another series that is nearest on the x axis. */
function otherSeries(plot: Plot, by: 1 | -1): void {
  const { point } = plot;
  const count = plot.chart.data.length - 1;
  if (!point) {
    step(plot, 1);
    return;
  }
  for (let series = point.series + by; series >= 0 && series < count; series += by) {
    if (!plot.isShown(series)) continue;
    const index = plot.next(series, point.index, 1) ?? plot.next(series, point.index, -1);
    if (index === undefined) continue;
    plot.moveTo({ index, series });
    return;
  }
}

type Action = (plot: Plot) => void;

const ACTIONS: Readonly<Record<string, Action>> = {
  ArrowLeft: (plot) => {
    step(plot, -1);
  },
  ArrowRight: (plot) => {
    step(plot, 1);
  },
  ArrowUp: (plot) => {
    otherSeries(plot, -1);
  },
  ArrowDown: (plot) => {
    otherSeries(plot, 1);
  },
  Home: (plot) => {
    toEnd(plot, -1);
  },
  End: (plot) => {
    toEnd(plot, 1);
  },
  "+": (plot) => {
    plot.zoom(ZOOM, plot.center);
  },
  "-": (plot) => {
    plot.zoom(1 / ZOOM, plot.center);
  },
  "0": (plot) => {
    plot.show(undefined);
  },
};

const SHIFT_ACTIONS: Readonly<Record<string, Action>> = {
  ArrowLeft: (plot) => {
    plot.pan(-PAN_PART);
  },
  ArrowRight: (plot) => {
    plot.pan(PAN_PART);
  },
};

/** Does what a key is for. Returns whether it is for anything. */
export function doKey(
  plot: Plot,
  event: KeyboardEvent,
  onOpen: (point: ChartPoint) => void,
): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.key === "Enter" && plot.point) {
    onOpen(plot.point);
    return true;
  }
  // Many keyboards have plus above the equals sign.
  const key = event.key === "=" ? "+" : event.key;
  const action = (event.shiftKey ? SHIFT_ACTIONS[key] : undefined) ?? ACTIONS[key];
  action?.(plot);
  return action !== undefined;
}
