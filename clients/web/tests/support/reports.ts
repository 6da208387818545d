// SPDX-License-Identifier: Apache-2.0

/** What the page and tshark say about captures. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { CAPTURES } from "../../../typescript/tests/support/daemon.js";

/** Returns what `tshark -z` prints about a capture of the project. */
export function tshark(capture: string, report: string, ...options: string[]): string {
  const flags = ["-n", "-q", "-z", report, "-r", join(CAPTURES, capture), ...options];
  return execFileSync("tshark", flags, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

/** Returns the groups of all lines that match, with numbers for what looks like one. */
export function linesLike(text: string, pattern: RegExp): (string | number)[][] {
  return text.split("\n").flatMap((line) => {
    const groups = pattern.exec(line)?.slice(1);
    return groups ? [groups.map((group) => numberOr(group.trim()))] : [];
  });
}

function numberOr(text: string): string | number {
  return /^[\d.]+%?$/.test(text) && !/\..*\./.test(text) ? Number.parseFloat(text) : text;
}

/** Returns the cells of a table's rows by their titles, and the level in a tree. */
export async function rowsOf(table: Locator): Promise<Record<string, string | number>[]> {
  await table.waitFor();
  const { titles, rows } = await table.evaluate((element: HTMLTableElement) => ({
    titles: [...(element.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.innerText.trim()),
    rows: [...(element.tBodies[0]?.rows ?? [])].map((row) => ({
      level: Number(row.ariaLevel ?? 0),
      // The arrow of a tree isn't its name.
      cells: [...row.cells].map((cell) => cell.innerText.replace(/^[▸▾]/, "").trim()),
    })),
  }));
  return rows.map(({ level, cells }) => ({
    level,
    ...Object.fromEntries(titles.map((title, at) => [title, numberOr(cells[at] ?? "")])),
  }));
}

/** Presses a button that saves a file, and returns the file's name and content. */
export async function saved(
  page: Page,
  button: string,
): Promise<{ name: string; content: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

const IP_BYTES = 20;
const UDP_BYTES = 8;
const RECORD_HEADER_BYTES = 16;
const LINK_TYPE_RAW_IP = 101;

/** Returns an empty datagram from a port, with the header of a record of a capture file. */
function datagram(port: number): Buffer {
  const length = IP_BYTES + UDP_BYTES;
  const bytes = Buffer.alloc(RECORD_HEADER_BYTES + length);
  bytes.writeUInt32LE(length, 8);
  bytes.writeUInt32LE(length, 12);
  const ip = bytes.subarray(RECORD_HEADER_BYTES);
  ip.set([0x45, 0, 0, length, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
  ip.writeUInt16BE(port, IP_BYTES);
  ip.writeUInt16BE(9, IP_BYTES + 2);
  ip.writeUInt16BE(UDP_BYTES, IP_BYTES + 4);
  return bytes;
}

/** Writes a capture in which each packet is a conversation of UDP. */
export function writeConversations(path: string, count: number): void {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(LINK_TYPE_RAW_IP, 20);
  const packets = Array.from({ length: count }, (_, index) => datagram(10_000 + index));
  writeFileSync(path, Buffer.concat([header, ...packets]));
}

/** Returns the fields of the frames that pass a filter, as tshark prints them. */
export function fieldsOf(
  capture: string,
  filter: string,
  fields: readonly string[],
): (string | number)[][] {
  const wanted = fields.flatMap((field) => ["-e", field]);
  const flags = ["-n", "-Y", filter, "-T", "fields", ...wanted, "-r", join(CAPTURES, capture)];
  const text = execFileSync("tshark", flags, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t").map(numberOr));
}
