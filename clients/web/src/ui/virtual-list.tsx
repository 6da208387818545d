// SPDX-License-Identifier: Apache-2.0

import type { JSX, Ref } from "preact";
import { forwardRef } from "preact/compat";
import { useImperativeHandle, useLayoutEffect, useRef, useState } from "preact/hooks";

// Chromium cuts elements at 33,554,428 pixels, and Firefox at about half of that.
const MAX_HEIGHT = 15_000_000;
const EXTRA_ROWS = 8;

export interface VirtualListHandle {
  /** Scrolls so that a row can be seen, by as little as possible. */
  reveal(row: number): void;
  /** Scrolls by a number of rows, so that what is seen stays when rows before it go. */
  moveBy(rows: number): void;
  focus(): void;
  /** The number of rows that fit. */
  readonly visibleRows: number;
}

export interface VirtualListProps {
  /** The number of rows, which may grow. */
  readonly count: number;
  /** The height of each row in pixels. */
  readonly rowHeight: number;
  readonly renderRow: (row: number) => JSX.Element;
  /** Tells which rows can be seen, the last one excluded. */
  readonly onVisible?: (first: number, end: number) => void;
  /** Tells whether the last row can be seen after scrolling, and whether that was upwards. */
  readonly onScroll?: (isAtEnd: boolean, isUpwards: boolean) => void;
  /** Tells how far the list is scrolled to the right, in pixels. */
  readonly onSideways?: (left: number) => void;
  /** Whether the last row stays in view when the list gets another height. */
  readonly staysAtEnd?: boolean;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly label: string;
  /** The `id` of the element of the row that is selected. */
  readonly activeRowId?: string;
  readonly class?: string;
  /** Whether other rows are to take the place of these. */
  readonly isBusy?: boolean;
  /** The role of the whole list, if its rows are no options. */
  readonly role?: "listbox" | "tree";
  /** The width of the rows, as CSS has it, if they may be wider than the list. */
  readonly rowWidth?: string;
  readonly onContextMenu?: (event: MouseEvent) => void;
}

/**
 * A list of which only the rows that can be seen are elements. All rows have one height.
 * Beyond the height that browsers draw, the scroll bar moves over a smaller area than the
 * rows would fill, and rows are placed by the part that it has moved.
 */
export const VirtualList = forwardRef(function VirtualList(
  props: VirtualListProps,
  ref: Ref<VirtualListHandle>,
): JSX.Element {
  const { count, rowHeight, renderRow, onVisible, onScroll } = props;
  const box = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const staysAtEnd = useRef(false);
  staysAtEnd.current = props.staysAtEnd ?? false;
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(0);

  const rowsHeight = count * rowHeight;
  const area = Math.min(rowsHeight, MAX_HEIGHT);
  // How far the rows move when the scroll bar moves by a pixel.
  const scale = area > height ? (rowsHeight - height) / (area - height) : 1;
  const offset = Math.min(top * scale, Math.max(0, rowsHeight - height));
  const first = Math.max(0, Math.floor(offset / rowHeight) - EXTRA_ROWS);
  const end = Math.min(count, Math.ceil((offset + height) / rowHeight) + EXTRA_ROWS);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight);
      if (staysAtEnd.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    setHeight(element.clientHeight);
    return (): void => {
      observer.disconnect();
    };
  }, []);

  useLayoutEffect(() => {
    onVisible?.(first, end);
  }, [first, end, onVisible]);

  useImperativeHandle(
    ref,
    () => ({
      reveal(row: number): void {
        const element = box.current;
        if (!element) return;
        const rowTop = row * rowHeight;
        const now = element.scrollTop * scale;
        const wanted =
          rowTop < now ? rowTop : Math.max(now, rowTop + rowHeight - element.clientHeight);
        if (wanted !== now) element.scrollTop = wanted / scale;
        // Draws the rows before the browser tells that it has scrolled.
        setTop(element.scrollTop);
      },
      moveBy(rows: number): void {
        const element = box.current;
        if (!element) return;
        element.scrollTop += (rows * rowHeight) / scale;
        setTop(element.scrollTop);
      },
      focus(): void {
        box.current?.focus();
      },
      get visibleRows(): number {
        return Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / rowHeight));
      },
    }),
    [rowHeight, scale],
  );

  // The rows move with the scroll bar where both have the same scale, so that the
  // browser scrolls smoothly; otherwise they are placed again each time.
  const rows = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
  const shift = top - offset;
  return (
    <div
      ref={box}
      class={`virtual-list ${props.class ?? ""}`}
      tabIndex={0}
      role={props.role ?? "listbox"}
      aria-label={props.label}
      aria-busy={props.isBusy}
      aria-activedescendant={props.activeRowId}
      onKeyDown={props.onKeyDown}
      onContextMenu={props.onContextMenu}
      onScroll={({ currentTarget }) => {
        const { scrollTop, scrollLeft, scrollHeight, clientHeight } = currentTarget;
        props.onSideways?.(scrollLeft);
        const isUpwards = scrollTop < lastTop.current;
        lastTop.current = scrollTop;
        setTop(scrollTop);
        onScroll?.(scrollHeight - clientHeight - scrollTop < rowHeight, isUpwards);
      }}
    >
      <div
        class="virtual-area"
        style={{ height: `${String(area)}px`, minWidth: props.rowWidth }}
        role="presentation"
      >
        {rows.map((row) => (
          <div
            key={row}
            class="virtual-row"
            role="presentation"
            style={{
              height: `${String(rowHeight)}px`,
              transform: `translateY(${String(row * rowHeight + shift)}px)`,
            }}
          >
            {renderRow(row)}
          </div>
        ))}
      </div>
    </div>
  );
});
