// SPDX-License-Identifier: Apache-2.0

/** Numbers of reports as the page shows them. */
import type { TimeValue } from "@dissectd/client/api";

/** Returns a time or duration in seconds; 0 if there is none. */
export function secondsOf(time: TimeValue | undefined): number {
  return time ? Number(time.seconds) + time.nanos / 1e9 : 0;
}

/** Returns a number with as many digits as tell something. */
export function shownNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 2 : size >= 1 ? 3 : 6);
}

/** Returns the bits per second of bytes; 0 if no time passes. */
export function bitRate(bytes: bigint, seconds: number): number {
  return seconds > 0 ? (Number(bytes) * 8) / seconds : 0;
}

/** Returns a rate with a unit, for example `12 kbps`. */
export function shownRate(bitsPerSecond: number): string {
  const units = ["bits/s", "kbps", "Mbps", "Gbps"];
  let value = bitsPerSecond;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    ++unit;
  }
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit] ?? ""}`;
}
