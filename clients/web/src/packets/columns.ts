// SPDX-License-Identifier: Apache-2.0

/**
 * The columns that the packet list shows, and what it is sorted by. Without a choice of the
 * user they are those of the profile. A choice is remembered for the server, and is in the
 * address, so that a link shows a colleague the same.
 */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { batch, computed, effect, signal } from "@preact/signals";
import type { ColumnSchema, ColumnSelectionSchema } from "@dissectd/client/api";
import type { Client } from "@dissectd/client/web";
import { address, setQuery } from "../app/address.js";
import { client, generation, noteError } from "../daemon/connection.js";
import { dissectionOptions } from "../daemon/dissection-options.js";
import { exportPreferences, valueInFile } from "../daemon/preferences-file.js";
import { serverStore } from "../filter/server-store.js";
import {
  type Alignment,
  CUSTOM,
  fieldColumn,
  formatColumns,
  LEAST_WIDTH,
  type PacketColumn,
  parseColumns,
  parsePreference,
  preferenceFormat,
  STANDARD_COLUMNS,
  storedColumns,
} from "./column-format.js";

/** The type of what the details tree lets one drag: the name of a field. */
export const FIELD_TYPE = "application/x-dissectd-field";

const store = serverStore("dissectd.columns", storedColumns);
const profileColumns = signal(STANDARD_COLUMNS);

const inAddress = computed(() => address.value.query["columns"] ?? "");

/** All columns, also the hidden ones. */
export const allColumns = computed<readonly PacketColumn[]>(() => {
  const stored = store.value.value;
  if (inAddress.value === "") return stored ?? profileColumns.value;
  // What is stored has the hidden columns, too.
  if (stored && formatColumns(stored) === inAddress.value) return stored;
  return parseColumns(inAddress.value);
});

/** The columns that are shown. */
export const columns = computed(() => allColumns.value.filter(({ isHidden }) => !isHidden));

export type ColumnSelectionInit = MessageInitShape<typeof ColumnSelectionSchema>;

function messageOf(column: PacketColumn): MessageInitShape<typeof ColumnSchema> {
  const { title, format, fields, occurrence, isResolved } = column;
  if (format !== CUSTOM) return { title, format };
  return {
    title,
    format,
    customFields: fields,
    customOccurrence: occurrence,
    resolved: isResolved,
  };
}

// Widths and alignments change nothing of what the daemon is asked.
const question = computed(() => JSON.stringify(columns.value.map(messageOf)));

/** The columns as requests have them; it changes only if other texts are to be shown. */
export const columnSelection = computed<ColumnSelectionInit>(() => ({
  columns: JSON.parse(question.value) as MessageInitShape<typeof ColumnSchema>[],
}));

/** A width that the user tries while the mouse is down; the column keeps it afterwards. */
export const triedWidth = signal<
  { readonly column: PacketColumn; readonly width: number } | undefined
>(undefined);

const widths = computed(() => {
  const tried = triedWidth.value;
  return columns.value.map((column) =>
    tried?.column === column ? Math.max(LEAST_WIDTH, tried.width) : column.width,
  );
});

/** The tracks of a CSS grid for a row with the columns. The last one takes what is left. */
export const gridTemplate = computed(() =>
  widths.value
    .map((width) => `${String(width)}px`)
    .map((width, index, { length }) => (index === length - 1 ? `minmax(${width}, 1fr)` : width))
    .join(" "),
);

/** The width that the columns need, in pixels. */
export const columnsWidth = computed(() => widths.value.reduce((sum, width) => sum + width, 0));

export interface SortOrder {
  /** The position of the column among those that are shown, from 0. */
  readonly column: number;
  readonly isDescending: boolean;
}

/** What the list is sorted by; undefined for the order of the capture. */
export const sortOrder = computed<SortOrder | undefined>(() => {
  const number = Number(address.value.query["sort"] ?? 0);
  if (!Number.isInteger(number) || number === 0) return undefined;
  if (Math.abs(number) > columns.value.length) return undefined;
  return { column: Math.abs(number) - 1, isDescending: number < 0 };
});

/** What the list is sorted by, wherever its column is: the column's format, and which way. */
export const sortKey = computed(() => {
  const order = sortOrder.value;
  const column = order && columns.value[order.column];
  return column ? `${order.isDescending ? "-" : "+"}${preferenceFormat(column)}` : "";
});

/** Sorts by a column: upwards, downwards, and as it was. */
export function sortBy(column: number): void {
  const now = sortOrder.peek();
  const number = String(column + 1);
  if (now?.column !== column) setQuery({ sort: number });
  else setQuery({ sort: now.isDescending ? undefined : `-${number}` });
}

// The column that the list is sorted by, wherever it goes.
function sortAfter(next: readonly PacketColumn[]): string | undefined {
  const order = sortOrder.peek();
  const column = order && columns.peek()[order.column];
  if (!column) return undefined;
  const isSame = (other: PacketColumn): boolean =>
    other.format === column.format && other.fields === column.fields;
  const place = next.filter(({ isHidden }) => !isHidden).findIndex(isSame) + 1;
  if (place === 0) return undefined;
  return order.isDescending ? `-${String(place)}` : String(place);
}

/** Shows other columns from now on. A list without visible columns is refused. */
export function setColumns(next: readonly PacketColumn[]): void {
  if (next.every(({ isHidden }) => isHidden)) return;
  triedWidth.value = undefined;
  const sort = sortAfter(next);
  const isDefault = JSON.stringify(next) === JSON.stringify(profileColumns.peek());
  // The list is asked for once, not for what is between the two.
  batch(() => {
    store.set(isDefault ? undefined : next);
    setQuery({ columns: isDefault ? undefined : formatColumns(next), sort }, { replace: true });
  });
}

/** Shows the columns of the profile again. */
export function resetColumns(): void {
  setColumns(profileColumns.peek());
}

// What shows a column may have it from before another change of the columns.
function placeOf(column: PacketColumn): number {
  const all = allColumns.peek();
  const place = all.indexOf(column);
  if (place >= 0) return place;
  const { format, fields, title } = column;
  return all.findIndex(
    (other) => other.format === format && other.fields === fields && other.title === title,
  );
}

function change(column: PacketColumn, changes: Partial<PacketColumn>): void {
  const place = placeOf(column);
  const now = allColumns.peek()[place];
  if (now) setColumns(allColumns.peek().with(place, { ...now, ...changes }));
}

export function resizeColumn(column: PacketColumn, width: number): void {
  change(column, { width: Math.max(LEAST_WIDTH, Math.round(width)) });
}

export function alignColumn(column: PacketColumn, alignment: Alignment): void {
  change(column, { alignment });
}

export function hideColumn(column: PacketColumn, isHidden: boolean): void {
  change(column, { isHidden });
}

export function resolveColumn(column: PacketColumn, isResolved: boolean): void {
  change(column, { isResolved });
}

export function removeColumn(column: PacketColumn): void {
  const place = placeOf(column);
  if (place >= 0) setColumns(allColumns.peek().toSpliced(place, 1));
}

/** Moves a column to the place of another one. */
export function moveColumn(column: PacketColumn, to: PacketColumn): void {
  const [from, place] = [placeOf(column), placeOf(to)];
  const moved = allColumns.peek()[from];
  if (!moved || place < 0) return;
  setColumns(allColumns.peek().toSpliced(from, 1).toSpliced(place, 0, moved));
}

// Wireshark's title is what the field is called in the details.
async function titleOf(field: string): Promise<string> {
  try {
    const { fields } = await client.peek().checkFilter(field);
    return fields[0]?.displayName || field;
  } catch (error) {
    noteError(error);
    return field;
  }
}

/** Adds a column for a field: before another one, or else before the info. */
export async function addFieldColumn(field: string, before?: PacketColumn): Promise<void> {
  const added = fieldColumn(field, await titleOf(field));
  const all = allColumns.peek();
  const info = all.findIndex(({ format }) => format === "%i");
  const wanted = before ? placeOf(before) : info;
  setColumns(all.toSpliced(wanted < 0 ? all.length : wanted, 0, added));
}

const COLUMN_PREFERENCES = ["gui.column.format", "gui.column.hidden"];

const profileName = computed(() => dissectionOptions.value.profile);

/** Asks for the columns of a profile; that of the daemon if none is named. */
async function askProfile(asked: Client, profile: string): Promise<readonly PacketColumn[]> {
  if (profile === "") {
    const { preference } = asked.services;
    const [formats, hidden] = await Promise.all(
      COLUMN_PREFERENCES.map((name) => preference.getPreference({ name })),
    );
    return parsePreference(formats?.preference?.value ?? "", hidden?.preference?.value ?? "");
  }
  const options = { profile, decodeAs: [], preferences: [] };
  return columnsInFile(await exportPreferences(asked, options));
}

/** Finds the columns in a preferences file. */
export function columnsInFile(text: string): readonly PacketColumn[] {
  const [formats = "", hidden = ""] = COLUMN_PREFERENCES.map((name) => valueInFile(text, name));
  return parsePreference(formats, hidden);
}

// Another daemon, or the same one after a restart, may have other profiles.
const occasion = computed(() => ({
  asked: client.value,
  profile: profileName.value,
  generation: generation.value,
}));

const hasList = computed(() => {
  const { view, source } = address.value;
  return view === "packets" || (view === "live" && source !== "");
});

/** Keeps the columns those of the profile, and a choice of the user in the address. */
export function followColumns(): () => void {
  const stopAsking = effect(() => {
    const { asked, profile } = occasion.value;
    let isCurrent = true;
    askProfile(asked, profile).then((found) => {
      if (isCurrent && found.length > 0) profileColumns.value = found;
    }, noteError);
    return (): void => {
      isCurrent = false;
    };
  });
  const stopShowing = effect(() => {
    const stored = store.value.value;
    if (!stored || inAddress.value !== "" || !hasList.value) return;
    setQuery({ columns: formatColumns(stored) }, { replace: true });
  });
  return (): void => {
    stopAsking();
    stopShowing();
  };
}
