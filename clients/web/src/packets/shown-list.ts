// SPDX-License-Identifier: Apache-2.0

/**
 * The list of packets that is shown. When another filter or order is wanted, it stays until
 * the first rows of the new list have come.
 */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { Session } from "@dissectd/client";
import type { ColoringRule, FrameSummary } from "@dissectd/client/api";
import { client } from "../daemon/connection.js";
import { session } from "../daemon/open-capture.js";
import { sessionInfo } from "../daemon/session-watch.js";
import { type PacketColumn, preferenceFormat } from "./column-format.js";
import { columns, columnSelection, sortKey } from "./columns.js";
import { type ListWork, type Question, workFor } from "./list-work.js";
import { PageCache } from "./page-cache.js";
import { displayFilter } from "./place.js";

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

interface SessionQuestion extends Question {
  readonly session: Session;
}

/** A list of a session, and the rows of it that have come. */
export interface List extends SessionQuestion {
  readonly rows: PageCache<PacketRow>;
  /** The number of frames that the session had when the list was asked for. */
  readonly frames: number | undefined;
}

/** Returns the number of the column that a list is sorted by, wherever it is now. */
function sortedColumn(sort: string): number {
  return columns.peek().findIndex((column) => preferenceFormat(column) === sort.slice(1)) + 1;
}

function openRows({ session: asked, filter, sort }: SessionQuestion): PageCache<PacketRow> {
  return new PageCache<PacketRow>(async (first, limit, signal) => {
    const formats = columns.peek().map(preferenceFormat);
    const answer = await client.value.services.session.listFrames(
      {
        session: asked.name,
        displayFilter: filter,
        firstPosition: first,
        limit,
        columns: columnSelection.peek(),
        sortColumn: sortedColumn(sort),
        descending: sort.startsWith("-"),
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

function openList(question: SessionQuestion): List {
  return { ...question, rows: openRows(question), frames: sessionInfo.peek()?.frames };
}

const wanted = computed<SessionQuestion | undefined>(
  () =>
    session.value && {
      session: session.value,
      filter: displayFilter.value,
      sort: sortKey.value,
    },
);

const currentList = signal<List | undefined>(undefined);
const nextList = signal<List | undefined>(undefined);

/** The list whose rows are shown; undefined while no capture is open. */
export const shownList: ReadonlySignal<List | undefined> = currentList;

/** The rows that are shown; undefined while no capture is open. */
export const frameList = computed(() => currentList.value?.rows);

/** The position of the current row in the list. Keys move from here. */
export const currentPosition = signal<number | undefined>(undefined);

/** Whether the length of the list is known: its filter has seen all frames. */
export const isListed = computed(() => frameList.value?.total.value !== undefined);

/** Returns the rows of all lists that are asked for. */
export function allRows(): PageCache<PacketRow>[] {
  return [currentList.peek(), nextList.peek()].flatMap((list) => list?.rows ?? []);
}

/** Whether the rows that are shown are those of another filter or order than is wanted. */
export const isReplaced = computed(() => nextList.value !== undefined);

/** What the daemon does for the list while the user waits for its first rows. */
export const listWork = computed<ListWork>(() => {
  const [list, next] = [currentList.value, nextList.value];
  if (next) return workFor(next, list);
  const isWaiting = list && !isListed.value && list.rows.error.value === undefined;
  return isWaiting ? workFor(list) : "none";
});

function show(list: List | undefined): void {
  const before = currentList.peek();
  batch(() => {
    currentList.value = list;
    nextList.value = undefined;
    // It was one in the list before.
    currentPosition.value = undefined;
  });
  before?.rows.dispose();
}

/** Whether a list is worth being looked at until another one has come. */
function canStay(list: List | undefined, question: SessionQuestion): boolean {
  if (list?.session !== question.session) return false;
  return list.rows.total.peek() !== undefined && list.rows.error.peek() === undefined;
}

function followQuestion(): () => void {
  return effect(() => {
    const question = wanted.value;
    nextList.peek()?.rows.dispose();
    const list = question && openList(question);
    if (!list || !canStay(currentList.peek(), question)) {
      show(list);
      return;
    }
    nextList.value = list;
    list.rows.want(0, 1);
  });
}

/** Shows the new list once its first rows, or its error, have come. */
function followAnswer(): () => void {
  return effect(() => {
    const list = nextList.value;
    if (!list) return;
    const { changed, error } = list.rows;
    if (changed.value === 0 && error.value === undefined) return;
    show(list);
    // A capture that runs may have more since, which only what is shown was asked for.
    if (list.frames !== sessionInfo.peek()?.frames) void list.rows.grow();
  });
}

/** Follows the filter and the order that the address has while the packets are shown. */
export function followList(): () => void {
  const ends = [followQuestion(), followAnswer()];
  return (): void => {
    for (const end of ends) end();
    nextList.peek()?.rows.dispose();
    show(undefined);
  };
}
