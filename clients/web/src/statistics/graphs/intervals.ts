// SPDX-License-Identifier: Apache-2.0

/** The lengths of intervals that Wireshark's I/O graph offers. */

export interface Interval {
  readonly seconds: number;
  readonly title: string;
}

export const INTERVALS: readonly Interval[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((ms) => ({
    seconds: ms / 1000,
    title: `${String(ms)} ms`,
  })),
  ...[1, 2, 5, 10].map((seconds) => ({ seconds, title: `${String(seconds)} s` })),
  { seconds: 60, title: "1 min" },
  { seconds: 600, title: "10 min" },
];

/** More intervals than this would be slow, and no screen has as many pixels. */
export const MOST_INTERVALS = 500_000;
const FEWEST_INTERVALS = 20;

/** Wireshark's own. */
export const USUAL_INTERVAL: Interval = { seconds: 1, title: "1 s" };

/** Returns an interval by its length in seconds. */
export function intervalOf(seconds: number): Interval | undefined {
  return INTERVALS.find((interval) => interval.seconds === seconds);
}

/**
 * Returns the interval for a capture: Wireshark's own, or less for a short capture
 * and more for one that would have too many.
 */
export function usualInterval(durationSeconds: number): Interval {
  const seconds = durationSeconds / FEWEST_INTERVALS;
  const enough = INTERVALS.filter(
    (each) => each.seconds <= Math.min(seconds, USUAL_INTERVAL.seconds),
  );
  const usual = enough.at(-1) ?? INTERVALS[0];
  const least = durationSeconds / MOST_INTERVALS;
  const found = INTERVALS.find((each) => each.seconds >= Math.max(least, usual?.seconds ?? 0));
  return found ?? { seconds: 600, title: "10 min" };
}
