// SPDX-License-Identifier: Apache-2.0

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import { attempt } from "../app/notices.js";
import { client } from "../daemon/connection.js";
import { isFilterError } from "../daemon/errors.js";
import { session } from "../daemon/open-capture.js";
import { appliedFilter, draftFilter } from "../filter/draft.js";
import { Failure } from "../ui/failure.js";
import { showMenu } from "../ui/menu.js";
import { VirtualList, type VirtualListHandle } from "../ui/virtual-list.js";
import { ruleStyle } from "./colors.js";
import type { PacketColumn } from "./column-format.js";
import { ColumnHeader } from "./column-header.js";
import { columns, columnsWidth, gridTemplate } from "./columns.js";
import { untilShown } from "./current-frame.js";
import { moveBy, moveTo } from "./frame-list.js";
import { rowMenu } from "./menus.js";
import { selectedFrame, selectFrame } from "./place.js";
import {
  currentPosition,
  frameList,
  isListed,
  isReplaced,
  type PacketRow,
  textIn,
} from "./shown-list.js";

const ROW_HEIGHT = 20;

function rowId(position: number): string {
  return `packet-row-${String(position)}`;
}

/** What a row's look says, in the order in which one hides the other. */
function classOf({ frame }: PacketRow): string {
  if (frame.ignored) return "ignored";
  if (frame.marked) return "marked";
  return frame.crashed ? "crashed" : "";
}

function styleOf({ rule }: PacketRow): Readonly<Record<string, string>> {
  return { gridTemplateColumns: gridTemplate.value, ...(rule && ruleStyle(rule)) };
}

function textOf(row: PacketRow, column: PacketColumn): string {
  const { frame } = row;
  const { format } = column;
  const text = textIn(row, column);
  if (frame.crashed) {
    if (format === "%m") return String(frame.number);
    return format === "%i" ? "[This packet crashes its dissector]" : text;
  }
  return frame.timeReference && format === "%t" ? "*REF*" : text;
}

/** Opens the menu of a row, once what it is about is known. */
function openRowMenu(event: MouseEvent, position: number, column: number): void {
  event.preventDefault();
  const row = frameList.value?.row(position);
  if (!row) return;
  const { number } = row.frame;
  currentPosition.value = position;
  selectFrame(number);
  const at = event.button === 2 ? undefined : document.getElementById(rowId(position));
  attempt(async () => {
    const name = session.value?.name ?? "";
    const [frame, { streams }] = await Promise.all([
      untilShown(number),
      row.frame.crashed
        ? { streams: [] }
        : client.value.services.session.getFrame({ session: name, frameNumber: number }),
    ]);
    if (selectedFrame.value === number) showMenu(event, rowMenu(row, column, frame, streams), at);
  });
}

function columnAt(event: MouseEvent): number {
  const cell = event.target instanceof Element ? event.target.closest("[data-column]") : null;
  return Number(cell?.getAttribute("data-column") ?? "-1");
}

function Row({ position }: { readonly position: number }): JSX.Element {
  const list = frameList.value;
  const row = list?.shownRow(position);
  const isSelected = row?.frame.number === selectedFrame.value;
  if (!row) {
    return (
      <div
        id={rowId(position)}
        class="packet-row pending"
        role="option"
        aria-selected={false}
        aria-busy="true"
        aria-label="loading"
      >
        …
      </div>
    );
  }
  return (
    <div
      id={rowId(position)}
      class={`packet-row ${classOf(row)} ${row.rule ? "colored" : ""}`}
      style={styleOf(row)}
      role="option"
      aria-selected={isSelected}
      aria-posinset={position + 1}
      aria-setsize={list?.total.value}
      onPointerDown={({ button }) => {
        if (button !== 0) return;
        currentPosition.value = position;
        selectFrame(row.frame.number);
      }}
      onContextMenu={(event) => {
        event.stopPropagation();
        openRowMenu(event, position, columnAt(event));
      }}
    >
      {columns.value.map((column, index) => (
        <span key={index} data-column={index} class={column.alignment}>
          {index === 0 && row.frame.commented && (
            <span class="comment-mark" role="img" aria-label="Commented">
              ✎
            </span>
          )}
          {textOf(row, column)}
        </span>
      ))}
    </div>
  );
}

/** Moves as the keys of Wireshark's packet list do. Returns whether the key was one. */
function moveByKey(event: KeyboardEvent, visibleRows: number): boolean {
  const end = (frameList.value?.total.value ?? 1) - 1;
  const moves: Readonly<Record<string, () => Promise<void>>> = {
    ArrowDown: () => moveBy(1),
    ArrowUp: () => moveBy(-1),
    PageDown: () => moveBy(visibleRows - 1),
    PageUp: () => moveBy(1 - visibleRows),
    Home: () => moveTo(0),
    End: () => moveTo(end),
    " ": () => moveBy(event.shiftKey ? -1 : 1),
  };
  const move = moves[event.key];
  if (!move || event.altKey) return false;
  event.preventDefault();
  event.stopPropagation();
  attempt(move);
  return true;
}

function ListState(): JSX.Element | null {
  const list = frameList.value;
  const error = list?.error.value;
  if (error !== undefined) {
    // The filter bar says it, with the place in the filter, unless it has another text.
    const isSaid = isFilterError(error) && draftFilter.value === appliedFilter.value;
    return (
      <div class="list-state">
        {isSaid ? <p>No packets are displayed.</p> : <Failure error={error} />}
      </div>
    );
  }
  if (list?.total.value === 0) {
    return <p class="list-state">No packets are displayed.</p>;
  }
  return null;
}

/** The packets that pass the filter, with the columns that the user has chosen. */
export function PacketList(): JSX.Element {
  const handle = useRef<VirtualListHandle>(null);
  const [scrollLeft, setScrollLeft] = useState(0);
  const list = frameList.value;
  const onVisible = useCallback(
    (first: number, end: number) => {
      list?.want(first, end);
    },
    [list],
  );
  // A list begins at its first row, wherever the one before it was.
  useLayoutEffect(() => handle.current?.reveal(0), [list]);
  useSignalEffect(() => {
    const position = currentPosition.value;
    // A list whose length isn't known yet has no place for the row. One that grows stays
    // where the user has scrolled to.
    if (position === undefined || !isListed.value) return;
    requestAnimationFrame(() => handle.current?.reveal(position));
  });
  return (
    <div class="packet-list">
      <ColumnHeader scrollLeft={scrollLeft} />
      <ListState />
      <VirtualList
        ref={handle}
        count={list?.total.value ?? 0}
        rowHeight={ROW_HEIGHT}
        label="Packets"
        isBusy={isReplaced.value}
        rowWidth={`${String(columnsWidth.value)}px`}
        onVisible={onVisible}
        onSideways={setScrollLeft}
        {...(currentPosition.value !== undefined && { activeRowId: rowId(currentPosition.value) })}
        renderRow={(position) => <Row position={position} />}
        onKeyDown={(event) => {
          if (event.ctrlKey) return;
          moveByKey(event, handle.current?.visibleRows ?? 1);
        }}
        onContextMenu={(event) => {
          if (currentPosition.value !== undefined) openRowMenu(event, currentPosition.value, -1);
        }}
      />
    </div>
  );
}
