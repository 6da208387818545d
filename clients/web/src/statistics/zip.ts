// SPDX-License-Identifier: Apache-2.0

/** ZIP archives, so that many files are one download. Nothing is compressed. */

export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const VERSION = 20;
const NAMES_ARE_UTF8 = 0x0800;
// 1 January 1980: the beginning of the format's time.
const FIRST_DAY = 0x21;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; ++bit) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Returns numbers in little endian, each with its number of bytes. */
function packed(...numbers: readonly (readonly [value: number, size: 2 | 4])[]): Uint8Array {
  const bytes = new Uint8Array(numbers.reduce((sum, [, size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const [value, size] of numbers) {
    if (size === 2) view.setUint16(offset, value, true);
    else view.setUint32(offset, value, true);
    offset += size;
  }
  return bytes;
}

/** Returns what both headers of a file have. */
function facts(name: Uint8Array, content: Uint8Array): Uint8Array {
  return packed(
    [VERSION, 2],
    [NAMES_ARE_UTF8, 2],
    [0, 2],
    [0, 2],
    [FIRST_DAY, 2],
    [crc32(content), 4],
    [content.length, 4],
    [content.length, 4],
    [name.length, 2],
    [0, 2],
  );
}

/** Returns names of which no two are equal: a number is put before the second one. */
export function uniqueNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let number = 2; used.has(unique); ++number) unique = `${String(number)}-${name}`;
    used.add(unique);
    return unique;
  });
}

export function zipOf(entries: readonly ZipEntry[]): Blob {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const encoded = new TextEncoder().encode(name);
    const common = facts(encoded, content);
    const local = [packed([LOCAL_HEADER, 4]), common, encoded, content];
    const rest = packed([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]);
    directory.push(packed([CENTRAL_HEADER, 4], [VERSION, 2]), common, rest, encoded);
    parts.push(...local);
    offset += local.reduce((sum, part) => sum + part.length, 0);
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const count = entries.length;
  const end = packed(
    [END_OF_DIRECTORY, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [size, 4],
    [offset, 4],
    [0, 2],
  );
  const all = [...parts, ...directory, end] as Uint8Array<ArrayBuffer>[];
  return new Blob(all, { type: "application/zip" });
}
