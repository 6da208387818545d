// SPDX-License-Identifier: Apache-2.0

/** The packet list: its rows, and which of them is the current one. */
import { computed, effect, signal } from "@preact/signals";
import type { Session } from "@dissectd/client";
import type { ColoringRule, FrameSummary } from "@dissectd/client/api";
import { client, noteError } from "../daemon/connection.js";
import { reopenAfter, revision, session } from "../daemon/open-capture.js";
import { sessionInfo } from "../daemon/session-watch.js";
import { type PacketColumn, preferenceFormat } from "./column-format.js";
import { columns, columnSelection, sortKey, sortOrder } from "./columns.js";
import { PageCache } from "./page-cache.js";
import { displayFilter, selectedFrame, selectFrame } from "./place.js";

/** A line of the list. */
export interface PacketRow {
  readonly frame: FrameSummary;
  readonly rule: ColoringRule | undefined;
  /** The formats of the columns that the frame's texts are of. */
  readonly formats: readonly string[];
}

/**
 * Returns what a column shows of a frame; an empty text until the daemon has told it, after
 * the user has chosen other columns.
 */
export function textIn({ frame, formats }: PacketRow, column: PacketColumn): string {
  return frame.columns[formats.indexOf(preferenceFormat(column))] ?? "";
}

const NUMBER_COLUMN = { format: "%m", title: "No." };

/** The position of the current row in the list. Keys move from here. */
export const currentPosition = signal<number | undefined>(undefined);

interface List {
  readonly session: Session;
  readonly filter: string;
  readonly sort: string;
}

function openList({ session: asked, filter }: List): PageCache<PacketRow> {
  return new PageCache<PacketRow>(async (first, limit, signal) => {
    const formats = columns.peek().map(preferenceFormat);
    const order = sortOrder.peek();
    const answer = await client.value.services.session.listFrames(
      {
        session: asked.name,
        displayFilter: filter,
        firstPosition: first,
        limit,
        columns: columnSelection.peek(),
        sortColumn: order ? order.column + 1 : 0,
        descending: order?.isDescending ?? false,
        colors: true,
      },
      { signal },
    );
    const { coloringRules: rules } = answer;
    const rows = answer.frames.map((frame) => {
      return { frame, rule: rules[frame.coloringRule - 1], formats };
    });
    return { rows, total: answer.total };
  });
}

const wanted = computed<List | undefined>(
  () =>
    session.value && {
      session: session.value,
      filter: displayFilter.value,
      sort: sortKey.value,
    },
);

const currentList = signal<PageCache<PacketRow> | undefined>(undefined);

/** The rows of the list; undefined while no capture is open. */
export const frameList = computed(() => currentList.value);

/** Whether the length of the list is known: its filter has seen all frames. */
export const isListed = computed(() => currentList.value?.total.value !== undefined);

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
  return currentList.peek()?.row(position)?.frame.number === number;
}

async function locate(number: number, list: List): Promise<void> {
  if (isCurrentRow(number)) return;
  const position = await positionOf(number, list);
  if (wanted.peek() === list && selectedFrame.peek() === number) currentPosition.value = position;
}

/** Selects the row at a position. */
export async function moveTo(position: number): Promise<void> {
  const list = currentList.value;
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

function followList(): () => void {
  return effect(() => {
    const list = wanted.value;
    const cache = list && openList(list);
    currentPosition.value = undefined;
    currentList.value = cache;
    return (): void => {
      cache?.dispose();
    };
  });
}

function followSelection(): () => void {
  return effect(() => {
    const list = wanted.value;
    const number = selectedFrame.value;
    // The list's first page takes a pass over the capture, which must not be made twice.
    if (list && isListed.value && number > 0) locate(number, list).catch(noteError);
  });
}

// Wireshark selects the first packet of a capture, too.
function selectFirst(): () => void {
  return effect(() => {
    const list = currentList.value;
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
    currentList.peek()?.refresh();
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
    await currentList.peek()?.grow();
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
    const error = currentList.value?.error.value;
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
    currentList.value = undefined;
  };
}
