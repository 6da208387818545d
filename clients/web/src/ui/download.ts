// SPDX-License-Identifier: Apache-2.0

/** Saves what the page shows as files of the user. */
import type { CellValue, TableColumn } from "./table.js";

/** Saves a file. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}

// Spreadsheets run texts as formulas that begin so, and texts of packets may be anybody's.
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** Returns a text that spreadsheets show and don't run: an apostrophe says so. */
function harmless(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

function csvCell(value: CellValue): string {
  const text = typeof value === "string" ? harmless(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Returns rows as RFC 4180 has them, with a line of titles. Texts that spreadsheets would
 * run as formulas have an apostrophe before them.
 */
export function csvOf<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ title }) => csvCell(title)),
    ...rows.map((row) => columns.map(({ value }) => csvCell(value(row)))),
  ];
  return lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}

/** Returns rows as a JSON array of objects whose names are the titles. */
export function jsonOf<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): string {
  const objects = rows.map((row) =>
    Object.fromEntries(
      columns.map(({ title, value }) => {
        const cell = value(row);
        const isExact = typeof cell !== "bigint" || Number.isSafeInteger(Number(cell));
        return [title, typeof cell === "bigint" ? (isExact ? Number(cell) : String(cell)) : cell];
      }),
    ),
  );
  return `${JSON.stringify(objects, undefined, 2)}\n`;
}
