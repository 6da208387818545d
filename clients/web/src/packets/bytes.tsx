// SPDX-License-Identifier: Apache-2.0

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { hexByte } from "../ui/hex.js";
import { showMenu } from "../ui/menu.js";
import { Tabs } from "../ui/tabs.js";
import { VirtualList, type VirtualListHandle } from "../ui/virtual-list.js";
import { asciiOf } from "./copy.js";
import {
  cursorByte,
  type DissectedFrame,
  selectByte,
  selectedIndex,
  selectedNode,
  selectedSource,
  shownFrame,
} from "./current-frame.js";
import { bytesPaneMenu } from "./menus.js";
import { parentOf } from "./tree.js";

const ROW_BYTES = 16;
const ROW_HEIGHT = 20;

function lineId(row: number): string {
  return `bytes-line-${String(row)}`;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const NOTHING: Span = { start: 0, end: 0 };

/** Returns where the bytes of a node are in the source that is shown. */
function spanOf(frame: DissectedFrame, index: number): Span {
  const node = frame.nodes[index];
  if (node?.sourceNumber !== selectedSource.value + 1 || node.length <= 0) return NOTHING;
  return { start: node.start, end: node.start + node.length };
}

/** Returns where the protocol of a node is, which is highlighted less. */
function protocolSpan(frame: DissectedFrame, index: number): Span {
  let root = index;
  while (parentOf(frame.nodes, root) >= 0) root = parentOf(frame.nodes, root);
  // The frame as a whole needs no color.
  return frame.nodes[root]?.name === "frame" ? NOTHING : spanOf(frame, root);
}

function has({ start, end }: Span, offset: number): boolean {
  return offset >= start && offset < end;
}

interface LineProps {
  readonly data: Uint8Array;
  readonly row: number;
  readonly field: Span;
  readonly protocol: Span;
}

/** Sixteen bytes: the offset, the hexadecimal digits, and the characters. */
function Line({ data, row, field, protocol }: LineProps): JSX.Element {
  const first = row * ROW_BYTES;
  const bytes = Array.from(data.subarray(first, first + ROW_BYTES));
  const cursor = cursorByte.value;
  const classOf = (offset: number): string => {
    const mark = has(field, offset) ? "field" : has(protocol, offset) ? "protocol" : "";
    return offset === cursor ? `${mark} cursor` : mark;
  };
  const cells = (text: (byte: number) => string): JSX.Element[] =>
    bytes.map((byte, index) => (
      <span key={index} data-offset={first + index} class={classOf(first + index)}>
        {text(byte)}
      </span>
    ));
  const hasCursor = cursor !== undefined && Math.floor(cursor / ROW_BYTES) === row;
  return (
    <div id={lineId(row)} class="bytes-line" role="option" aria-selected={hasCursor}>
      <span class="offset">{first.toString(16).padStart(4, "0")}</span>
      <span class="digits">{cells(hexByte)}</span>
      <span class="characters">{cells(asciiOf)}</span>
    </div>
  );
}

function offsetAt(event: Event): number | undefined {
  const cell = event.target instanceof Element ? event.target.closest("[data-offset]") : null;
  return cell ? Number(cell.getAttribute("data-offset")) : undefined;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -ROW_BYTES,
  ArrowDown: ROW_BYTES,
};

/** Returns the byte that a key moves the cursor to; undefined if the key is another one. */
function byteAfterKey(key: string, length: number, pageRows: number): number | undefined {
  const now = cursorByte.value ?? 0;
  const page = pageRows * ROW_BYTES;
  const steps = { ...STEPS, PageUp: -page, PageDown: page, Home: -now, End: length };
  const step = (steps as Readonly<Record<string, number>>)[key];
  return step === undefined ? undefined : Math.min(length - 1, Math.max(0, now + step));
}

function Dump({ frame, data }: { frame: DissectedFrame; data: Uint8Array }): JSX.Element {
  const handle = useRef<VirtualListHandle>(null);
  const field = spanOf(frame, selectedIndex.value);
  const protocol = protocolSpan(frame, selectedIndex.value);
  useSignalEffect(() => {
    const offset = cursorByte.value;
    if (offset === undefined || !selectedNode.value) return;
    requestAnimationFrame(() => handle.current?.reveal(Math.floor(offset / ROW_BYTES)));
  });
  const cursor = cursorByte.value;
  return (
    <div
      class="bytes-dump"
      onPointerDown={(event) => {
        const offset = offsetAt(event);
        if (offset !== undefined) selectByte(offset);
      }}
      onContextMenu={(event) => {
        showMenu(event, bytesPaneMenu(frame, selectedIndex.value, selectedSource.value));
      }}
    >
      <VirtualList
        ref={handle}
        class="bytes"
        label="Packet bytes"
        count={Math.ceil(data.length / ROW_BYTES)}
        rowHeight={ROW_HEIGHT}
        {...(cursor !== undefined && { activeRowId: lineId(Math.floor(cursor / ROW_BYTES)) })}
        renderRow={(row) => <Line data={data} row={row} field={field} protocol={protocol} />}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.altKey) return;
          const rows = handle.current?.visibleRows ?? 1;
          const offset = byteAfterKey(event.key, data.length, rows);
          if (offset === undefined) return;
          event.preventDefault();
          selectByte(offset);
        }}
      />
    </div>
  );
}

/** Returns the names of the data sources, numbered where they are equal. */
function namesOf({ sources }: DissectedFrame): string[] {
  return sources.map(({ name }, index) => {
    const before = sources.slice(0, index).filter((source) => source.name === name).length;
    return before > 0 ? `${name} #${String(before + 1)}` : name;
  });
}

/** The bytes of the packet that is selected, and those that were made of it. */
export function Bytes(): JSX.Element | null {
  const frame = shownFrame.value;
  if (!frame) return null;
  const names = namesOf(frame);
  const selected = names[selectedSource.value] ?? names[0];
  const data = frame.sources[selectedSource.value]?.data;
  if (selected === undefined || !data) return null;
  return (
    <div class="bytes-pane">
      <Tabs
        label="Data sources"
        names={names}
        selected={selected}
        onSelect={(name) => {
          selectedSource.value = names.indexOf(name);
          cursorByte.value = undefined;
        }}
      >
        <Dump key={selected} frame={frame} data={data} />
      </Tabs>
    </div>
  );
}
