// SPDX-License-Identifier: Apache-2.0

/** The columns of the packet list, and the texts that Wireshark and the address have for them. */

export type Alignment = "left" | "center" | "right";

export interface PacketColumn {
  readonly title: string;
  /** The format as in Wireshark's preferences, such as `%t`. */
  readonly format: string;
  /** Only for custom columns: the fields, joined by `||`. */
  readonly fields: string;
  /** Only for custom columns: 0 for all occurrences, 1 for the first, -1 for the last. */
  readonly occurrence: number;
  /** Only for custom columns: names instead of values. */
  readonly isResolved: boolean;
  readonly isHidden: boolean;
  readonly alignment: Alignment;
  /** In pixels. */
  readonly width: number;
}

export const CUSTOM = "%Cus";

// What Wireshark's columns are called by default, and how wide their texts are.
const STANDARD: Readonly<Record<string, readonly [title: string, width: number]>> = {
  "%m": ["No.", 64],
  "%t": ["Time", 110],
  "%s": ["Source", 150],
  "%d": ["Destination", 150],
  "%p": ["Protocol", 80],
  "%L": ["Length", 64],
  "%i": ["Info", 400],
};
const WIDTH = 120;
const RIGHT = new Set(["%m", "%L", "%B"]);
export const LEAST_WIDTH = 32;

/** Returns a column with what isn't said as it is by default. */
export function columnOf(facts: Partial<PacketColumn> & { readonly format: string }): PacketColumn {
  const { format, fields = "" } = facts;
  const [title, width] = STANDARD[format] ?? [fields || format, WIDTH];
  return {
    title,
    fields,
    occurrence: 0,
    isResolved: format === CUSTOM,
    isHidden: false,
    alignment: RIGHT.has(format) ? "right" : "left",
    width,
    ...facts,
  };
}

/** The columns of a Wireshark that nobody has changed. */
export const STANDARD_COLUMNS: readonly PacketColumn[] = Object.keys(STANDARD).map((format) =>
  columnOf({ format }),
);

/** Returns the column that shows a field. */
export function fieldColumn(field: string, title = field): PacketColumn {
  return columnOf({ format: CUSTOM, fields: field, title });
}

/** Returns the format as Wireshark's preferences have it, `%Cus:FIELDS:OCCURRENCE:R`. */
export function preferenceFormat({ format, fields, occurrence, isResolved }: PacketColumn): string {
  if (format !== CUSTOM) return format;
  return `${CUSTOM}:${fields}:${String(occurrence)}:${isResolved ? "R" : "U"}`;
}

/** Reads a format as Wireshark's preferences have it. */
function parseFormat(text: string): Partial<PacketColumn> & { readonly format: string } {
  if (!text.startsWith(`${CUSTOM}:`)) return { format: text };
  const [, fields = "", occurrence = "0", resolved = "R"] =
    /^%Cus:(.*?)(?::(-?\d+)(?::([RU]))?)?$/.exec(text) ?? [];
  return { format: CUSTOM, fields, occurrence: Number(occurrence), isResolved: resolved === "R" };
}

// Wireshark writes strings in quotes, with backslashes before quotes and backslashes.
function stringsIn(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, inner = ""]) =>
    inner.replace(/\\(.)/gs, "$1"),
  );
}

/**
 * Reads Wireshark's preferences `gui.column.format`, which has pairs of titles and formats,
 * and `gui.column.hidden`, which has formats.
 */
export function parsePreference(formats: string, hidden: string): readonly PacketColumn[] {
  const texts = stringsIn(formats);
  const hiddenFormats = new Set(hidden.split(",").map((text) => text.trim()));
  const columns: PacketColumn[] = [];
  for (let at = 0; at + 1 < texts.length; at += 2) {
    const title = texts[at] ?? "";
    const format = texts[at + 1] ?? "";
    const isHidden = hiddenFormats.has(format);
    columns.push(columnOf({ ...parseFormat(format), title, isHidden }));
  }
  return columns;
}

const ALIGNMENTS: Readonly<Record<string, Alignment>> = { l: "left", c: "center", r: "right" };

/**
 * Returns columns as the address has them: for each one its format without the percent
 * sign, and what isn't as by default, such as `m,t,i,Cus:dns.a:1:R;Address;r;200`. Hidden
 * columns are left out.
 */
export function formatColumns(columns: readonly PacketColumn[]): string {
  return columns
    .filter(({ isHidden }) => !isHidden)
    .map(formatColumn)
    .join(",");
}

function formatColumn(column: PacketColumn): string {
  const byDefault = columnOf({ format: column.format, fields: column.fields });
  const parts = [
    preferenceFormat(column).slice(1),
    column.title === byDefault.title ? "" : column.title,
    column.alignment === byDefault.alignment ? "" : column.alignment.slice(0, 1),
    column.width === byDefault.width ? "" : String(column.width),
  ];
  return parts
    .map((part) => part.replace(/[%;,]/g, encodeURIComponent))
    .join(";")
    .replace(/;+$/, "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parseColumn(text: string): PacketColumn {
  const [format = "", title, alignment = "", width] = text.split(";").map(decoded);
  const aligned = ALIGNMENTS[alignment];
  const pixels = Math.max(LEAST_WIDTH, Number(width));
  return columnOf({
    ...parseFormat(`%${format}`),
    ...(title && { title }),
    ...(aligned && { alignment: aligned }),
    ...(width && Number.isFinite(pixels) && { width: pixels }),
  });
}

/** Reads columns as the address has them. */
export function parseColumns(text: string): readonly PacketColumn[] {
  return text.split(",").filter(Boolean).map(parseColumn);
}

function isColumn(value: unknown): value is Partial<PacketColumn> & { readonly format: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "format" in value &&
    typeof value.format === "string"
  );
}

/** Reads columns that the browser has stored; undefined if there are none. */
export function storedColumns(stored: unknown): readonly PacketColumn[] | undefined {
  if (!Array.isArray(stored)) return undefined;
  const columns = stored.filter(isColumn).map(columnOf);
  return columns.length > 0 ? columns : undefined;
}
