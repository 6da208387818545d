// SPDX-License-Identifier: Apache-2.0

import type { SequenceItem } from "@dissectd/client/api";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { VirtualList, type VirtualListHandle } from "../../ui/virtual-list.js";
import {
  ARROW_TOP,
  arrowOf,
  type Diagram,
  lineOf,
  pathsOf,
  ROW_HEIGHT,
  sentenceOf,
  TIME_WIDTH,
  type Widths,
  widthsFor,
} from "./diagram.js";

function rowId(row: number): string {
  return `flow-${String(row)}`;
}

function px(length: number): string {
  return `${String(length)}px`;
}

function Arrow({ item, widths }: { item: SequenceItem; widths: Widths }): JSX.Element {
  const arrow = arrowOf(item, widths);
  const { line, tip } = pathsOf(arrow, ARROW_TOP);
  return (
    <>
      <path d={line} class="flow-line" />
      <path d={tip} class="flow-tip" />
      <text x={arrow.left - 5} y={ARROW_TOP + 4} text-anchor="end">
        {arrow.leftPort}
      </text>
      <text x={arrow.right + 5} y={ARROW_TOP + 4}>
        {arrow.rightPort}
      </text>
    </>
  );
}

function Label({ item, widths }: { item: SequenceItem; widths: Widths }): JSX.Element {
  const { left, right } = arrowOf(item, widths);
  // There is more room for the label than between the lines.
  const room = Math.max(right - left, widths.node) - 8;
  const start = TIME_WIDTH + (left + right) / 2 - room / 2;
  return (
    <span class="flow-label" style={{ left: px(start), width: px(room) }}>
      {item.label}
    </span>
  );
}

interface RowProps {
  readonly diagram: Diagram;
  readonly row: number;
  readonly widths: Widths;
  readonly isSelected: boolean;
  readonly onOpen: () => void;
}

function Row({ diagram, row, widths, isSelected, onOpen }: RowProps): JSX.Element | null {
  const item = diagram.items[row];
  if (!item) return null;
  const { nodes, items } = diagram;
  const width = nodes.length * widths.node;
  return (
    <div
      id={rowId(row)}
      class={row % 2 === 0 ? "flow-row even" : "flow-row"}
      role="option"
      aria-selected={isSelected}
      aria-posinset={row + 1}
      aria-setsize={items.length}
      aria-label={sentenceOf(diagram, item)}
      onClick={onOpen}
    >
      <span class="flow-time">{item.time}</span>
      <svg width={width} height={ROW_HEIGHT} style={{ left: px(TIME_WIDTH) }} aria-hidden="true">
        {nodes.map((_node, at) => (
          <path
            key={at}
            class="flow-node-line"
            d={`M${String(lineOf(at, widths))} 0V${String(ROW_HEIGHT)}`}
          />
        ))}
        <Arrow item={item} widths={widths} />
      </svg>
      <Label item={item} widths={widths} />
      <span
        class="flow-comment"
        style={{ left: px(TIME_WIDTH + width), width: px(widths.comment) }}
        title={item.comment}
      >
        {item.comment}
      </span>
    </div>
  );
}

function Heads({ nodes, widths, left }: HeadsProps): JSX.Element {
  return (
    <div class="flow-heads" aria-hidden="true">
      <div style={{ width: px(widths.all), transform: `translateX(${px(-left)})` }}>
        <span style={{ width: px(TIME_WIDTH) }}>Time</span>
        {nodes.map((node, at) => (
          <span key={at} class="flow-node" style={{ width: px(widths.node) }} title={node}>
            {node}
          </span>
        ))}
        <span style={{ width: px(widths.comment) }}>Comment</span>
      </div>
    </div>
  );
}

interface HeadsProps {
  readonly nodes: readonly string[];
  readonly widths: Widths;
  /** How far the rows have scrolled. */
  readonly left: number;
}

function moved(key: string, row: number, count: number, page: number): number | undefined {
  const rows: Readonly<Record<string, number>> = {
    ArrowDown: row + 1,
    ArrowUp: row - 1,
    PageDown: row + page - 1,
    PageUp: row - page + 1,
    Home: 0,
    End: count - 1,
  };
  const wanted = rows[key];
  return wanted === undefined ? undefined : Math.min(Math.max(wanted, 0), count - 1);
}

export interface DiagramRowsProps {
  readonly diagram: Diagram;
  /** The frame that is selected first. */
  readonly frame: number | undefined;
  readonly onOpen: (item: SequenceItem) => void;
}

/** The arrows between the nodes, one below the other, as in Wireshark's flow graph. */
export function DiagramRows({ diagram, frame, onOpen }: DiagramRowsProps): JSX.Element {
  const { nodes, items } = diagram;
  const box = useRef<HTMLDivElement>(null);
  const handle = useRef<VirtualListHandle>(null);
  const [available, setAvailable] = useState(0);
  const [left, setLeft] = useState(0);
  const [selected, setSelected] = useState(0);
  const widths = widthsFor(nodes.length, available);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => {
      // There is always a bar to scroll downwards.
      const list = element.querySelector(".virtual-list");
      setAvailable(list?.clientWidth ?? element.clientWidth);
    });
    observer.observe(element);
    return (): void => {
      observer.disconnect();
    };
  }, []);

  useEffect(() => {
    const found = items.findIndex(({ frameNumber }) => frameNumber === frame);
    setSelected(Math.max(found, 0));
    if (found >= 0) requestAnimationFrame(() => handle.current?.reveal(found));
  }, [diagram]);

  function open(row: number): void {
    const item = items[row];
    if (item) onOpen(item);
  }

  return (
    <div
      class="flow"
      ref={box}
      onScrollCapture={({ target }) => {
        if (target instanceof Element) setLeft(target.scrollLeft);
      }}
    >
      <Heads nodes={nodes} widths={widths} left={left} />
      <VirtualList
        ref={handle}
        label="Flow Graph"
        count={items.length}
        rowHeight={ROW_HEIGHT}
        rowWidth={px(widths.all)}
        activeRowId={rowId(selected)}
        renderRow={(row) => (
          <Row
            diagram={diagram}
            row={row}
            widths={widths}
            isSelected={row === selected}
            onOpen={() => {
              setSelected(row);
              open(row);
            }}
          />
        )}
        onKeyDown={(event) => {
          if (event.key === "Enter") open(selected);
          const page = handle.current?.visibleRows ?? 1;
          const row = moved(event.key, selected, items.length, page);
          if (row === undefined) return;
          event.preventDefault();
          setSelected(row);
          handle.current?.reveal(row);
        }}
      />
    </div>
  );
}
