// SPDX-License-Identifier: Apache-2.0

/** The current row of the packet list, and what makes the list ask for rows again. */
import { effect } from "@preact/signals";
import { client, noteError } from "../daemon/connection.js";
import { reopenAfter, revision } from "../daemon/open-capture.js";
import { sessionInfo } from "../daemon/session-watch.js";
import { columnSelection } from "./columns.js";
import { selectedFrame, selectFrame } from "./place.js";
import {
  allRows,
  currentPosition,
  followList,
  frameList,
  isListed,
  type List,
  shownList,
} from "./shown-list.js";

const NUMBER_COLUMN = { format: "%m", title: "No." };

/**
 * Returns the position of a frame in the list; that of the last one before it, if the
 * frame itself doesn't pass the filter. Undefined if that is unknown or there is none.
 */
async function positionOf(number: number, list: List): Promise<number | undefined> {
  if (list.sort !== "") return undefined;
  if (list.filter === "") return number - 1;
  const { total } = await client.value.services.session.listFrames({
    session: list.session.name,
    displayFilter: list.filter,
    range: { lastFrame: number },
    columns: { columns: [NUMBER_COLUMN] },
    limit: 1,
  });
  return total > 0 ? total - 1 : undefined;
}

function isCurrentRow(number: number): boolean {
  const position = currentPosition.peek();
  if (position === undefined) return false;
  return frameList.peek()?.row(position)?.frame.number === number;
}

async function locate(number: number, list: List): Promise<void> {
  if (isCurrentRow(number)) return;
  const position = await positionOf(number, list);
  if (shownList.peek() === list && selectedFrame.peek() === number)
    currentPosition.value = position;
}

/** Selects the row at a position. */
export async function moveTo(position: number): Promise<void> {
  const list = frameList.value;
  const total = list?.total.value ?? 0;
  if (!list || total === 0) return;
  const target = Math.min(total - 1, Math.max(0, position));
  currentPosition.value = target;
  const row = await list.load(target);
  // Another key may have been pressed meanwhile.
  if (row && currentPosition.value === target) selectFrame(row.frame.number);
}

export function moveBy(rows: number): Promise<void> {
  return moveTo((currentPosition.value ?? -1) + rows);
}

function followSelection(): () => void {
  return effect(() => {
    const list = shownList.value;
    const number = selectedFrame.value;
    // The list's first page takes a pass over the capture, which must not be made twice.
    if (list && isListed.value && number > 0) locate(number, list).catch(noteError);
  });
}

// Wireshark selects the first packet of a capture, too.
function selectFirst(): () => void {
  return effect(() => {
    const list = frameList.value;
    if (!list?.changed.value) return;
    const first = list.row(0);
    if (first && selectedFrame.peek() === 0) {
      currentPosition.value = 0;
      selectFrame(first.frame.number);
    }
  });
}

/** Asks for the rows again when they have other texts. */
function followTexts(): () => void {
  let last = { revision: revision.peek(), selection: columnSelection.peek() };
  return effect(() => {
    const now = { revision: revision.value, selection: columnSelection.value };
    if (now.revision === last.revision && now.selection === last.selection) return;
    last = now;
    for (const rows of allRows()) rows.refresh();
  });
}

let isGrowing = false;
let hasGrownSince = false;

/** Asks for the new rows; while they are asked for, later changes wait for one more time. */
async function grow(): Promise<void> {
  hasGrownSince = true;
  if (isGrowing) return;
  isGrowing = true;
  // It changes while the question is on its way.
  const hasGrown = (): boolean => hasGrownSince;
  while (hasGrown()) {
    hasGrownSince = false;
    await frameList.peek()?.grow();
  }
  isGrowing = false;
}

function followGrowth(): () => void {
  let last = sessionInfo.peek();
  return effect(() => {
    const before = last;
    last = sessionInfo.value;
    if (before?.name === last?.name && before?.frames !== last?.frames) void grow();
  });
}

function followErrors(): () => void {
  return effect(() => {
    const error = frameList.value?.error.value;
    if (error === undefined) return;
    noteError(error);
    reopenAfter(error);
  });
}

/** Follows the address and the capture while the packets are shown. */
export function followFrames(): () => void {
  const ends = [
    followList(),
    followSelection(),
    selectFirst(),
    followTexts(),
    followGrowth(),
    followErrors(),
  ];
  return (): void => {
    for (const end of ends) end();
  };
}
