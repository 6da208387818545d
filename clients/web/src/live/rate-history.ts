// SPDX-License-Identifier: Apache-2.0

/** What charts of a capture show: its rates of the last minutes. */
import type { Rate } from "@dissectd/client";

/** Ten minutes at a rate each second. */
export const HISTORY_POINTS = 600;

const LEAST_SECONDS = 60;
// Rates come each second, or less often when the machine is busy.
const GAP_SECONDS = 3;

/** A rate, and what the interfaces have dropped meanwhile. */
export interface LiveRate extends Rate {
  /** The packets that the kernel has dropped in a second; null if it doesn't count them. */
  readonly dropsPerSecond: number | null;
}

/** The values on the x axis, then those of each series; null is a gap. */
export type Lines = [number[], ...(number | null)[][]];

// They are in every packet, and so tell nothing about it.
const CARRIERS = new Set(["frame", "eth", "ethertype", "sll", "null", "raw"]);

/** Returns the rates with another one, without those that are too old. */
export function withRate(rates: readonly LiveRate[], rate: LiveRate): readonly LiveRate[] {
  return [...rates.slice(1 - HISTORY_POINTS), rate];
}

/** Returns lines that begin a minute ago at the latest, so that charts don't jump. */
function fromAMinuteAgo(times: number[], lines: (number | null)[][]): Lines {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || first <= last - LEAST_SECONDS) {
    return [times, ...lines];
  }
  return [[last - LEAST_SECONDS, ...times], ...lines.map((line) => [null, ...line])];
}

/** Returns lines that are broken where the daemon, or the connection, was away. */
function withGaps(times: readonly number[], lines: readonly (number | null)[][]): Lines {
  const gaps = times.flatMap((time, at) =>
    at > 0 && time - (times[at - 1] ?? time) > GAP_SECONDS ? [at] : [],
  );
  const insert = <Value>(values: readonly Value[], added: (at: number) => Value): Value[] =>
    gaps.reduceRight((all, at) => all.toSpliced(at, 0, added(at)), [...values]);
  return [
    insert(times, (at) => (times[at - 1] ?? 0) + 1),
    ...lines.map((line) => insert<number | null>(line, () => null)),
  ];
}

/** Returns what a chart shows of values at times. */
function linesOf(rates: readonly LiveRate[], lines: (number | null)[][]): Lines {
  const [times, ...broken] = withGaps(timesOf(rates), lines);
  return fromAMinuteAgo(times, broken);
}

function timesOf(rates: readonly LiveRate[]): number[] {
  return rates.map(({ time }) => time.getTime() / 1000);
}

/** Returns a line of a value of each rate. */
export function lineOf(
  rates: readonly LiveRate[],
  value: (rate: LiveRate) => number | null,
): Lines {
  return linesOf(rates, [rates.map(value)]);
}

/** Returns the protocols with the most packets, in the order of the alphabet. */
export function topProtocols(rates: readonly LiveRate[], count: number): string[] {
  const packets = new Map<string, number>();
  for (const { top } of rates) {
    for (const { name, packets: more } of top) {
      if (!CARRIERS.has(name)) packets.set(name, (packets.get(name) ?? 0) + more);
    }
  }
  return [...packets]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name]) => name)
    .sort();
}

/** Returns a line of packets per second for each protocol. */
export function protocolLines(rates: readonly LiveRate[], names: readonly string[]): Lines {
  const lines = names.map((name) =>
    rates.map(({ top, seconds }) => {
      const packets = top.find((protocol) => protocol.name === name)?.packets ?? 0;
      return seconds > 0 ? packets / seconds : 0;
    }),
  );
  return linesOf(rates, lines);
}
