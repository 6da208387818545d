// SPDX-License-Identifier: Apache-2.0

/** Numbers as the live views show them. */

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/** Returns a number with separators, such as `12,345`. */
export function count(value: number): string {
  return WHOLE.format(value);
}

/** Returns a size in decimal units, as Wireshark shows it, such as `1.2 MB`. */
export function size(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? count(value) : value.toFixed(1)} ${UNITS[unit] ?? ""}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** Returns a duration such as `1:02:03` or `02:03`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = `${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  return hours > 0 ? `${String(hours)}:${rest}` : rest;
}
