// SPDX-License-Identifier: Apache-2.0

import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

// Fewer rows are all elements, which the browser's own search finds.
const MOST_ROWS = 500;
const EXTRA_ROWS = 30;
const USUAL_HEIGHT = 21;

export interface RowWindow {
  /** The rows that are elements, the last one excluded. */
  readonly first: number;
  readonly end: number;
  /** The heights of what stands for the rows before and behind them, in pixels. */
  readonly before: number;
  readonly behind: number;
  /** Scrolls to a row that may not be an element yet. */
  readonly reveal: (row: number) => void;
}

function scrollerOf(element: Element): Element {
  for (let box = element.parentElement; box; box = box.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(box).overflowY)) return box;
  }
  return document.documentElement;
}

/** Returns which rows of a long table can be seen, so that only these are elements. */
export function useRowWindow(body: RefObject<HTMLTableSectionElement>, count: number): RowWindow {
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(0);
  const [rowHeight, setRowHeight] = useState(USUAL_HEIGHT);
  const isLong = count > MOST_ROWS;

  useLayoutEffect(() => {
    const rows = body.current;
    if (!rows || !isLong) return undefined;
    const scroller = scrollerOf(rows);
    const read = (): void => {
      setTop(scroller.getBoundingClientRect().top - rows.getBoundingClientRect().top);
      setHeight(scroller.clientHeight);
      const row = rows.querySelector("tr:not([aria-hidden])");
      if (row) setRowHeight(row.getBoundingClientRect().height);
    };
    const observer = new ResizeObserver(read);
    observer.observe(scroller);
    scroller.addEventListener("scroll", read, { passive: true });
    read();
    return (): void => {
      observer.disconnect();
      scroller.removeEventListener("scroll", read);
    };
  }, [isLong]);

  const first = isLong ? Math.max(0, Math.floor(top / rowHeight) - EXTRA_ROWS) : 0;
  const last = Math.ceil((top + height) / rowHeight) + EXTRA_ROWS;
  const end = isLong ? Math.min(count, last) : count;
  return {
    first: Math.min(first, count),
    end,
    before: Math.min(first, count) * rowHeight,
    behind: Math.max(0, count - end) * rowHeight,
    reveal: (row): void => {
      const rows = body.current;
      if (rows && (row < first || row >= end)) scrollerOf(rows).scrollTop = row * rowHeight;
    },
  };
}
