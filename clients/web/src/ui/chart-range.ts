// SPDX-License-Identifier: Apache-2.0

/** Which part of its x axis a chart shows. */

export interface Range {
  readonly min: number;
  readonly max: number;
}

// Nearer than this, numbers have too few digits to tell points apart.
const SMALLEST_PART = 1e-9;

function smallestStep(xs: ArrayLike<number>): number {
  let smallest = Infinity;
  for (let at = 1; at < xs.length; ++at) {
    const step = (xs[at] ?? 0) - (xs[at - 1] ?? 0);
    if (step > 0 && step < smallest) smallest = step;
  }
  return smallest;
}

/** Returns the range of all values; bars need room at both ends. */
export function wholeRange(xs: ArrayLike<number>, hasBars: boolean): Range {
  const first = xs[0] ?? 0;
  const last = xs[xs.length - 1] ?? 1;
  if (first === last) return { min: first - 0.5, max: last + 0.5 };
  const room = hasBars ? smallestStep(xs) / 2 : 0;
  return { min: first - room, max: last + room };
}

/** Returns the part of a range that is within the whole; undefined if that is all of it. */
export function within({ min, max }: Range, whole: Range): Range | undefined {
  const span = Math.max(max - min, (whole.max - whole.min) * SMALLEST_PART);
  if (span >= whole.max - whole.min) return undefined;
  const start = Math.min(Math.max(min, whole.min), whole.max - span);
  return { min: start, max: start + span };
}

/** Returns a range that is larger by a factor, in which a value keeps its place. */
export function scaled({ min, max }: Range, factor: number, around: number): Range {
  return { min: around - (around - min) * factor, max: around + (max - around) * factor };
}

/** Returns a range that is moved by a part of its length. */
export function moved({ min, max }: Range, part: number): Range {
  const by = (max - min) * part;
  return { min: min + by, max: max + by };
}

/** Returns a range that is moved as little as possible so that it has a value. */
export function including(range: Range, value: number): Range {
  const span = range.max - range.min;
  if (value < range.min) return { min: value, max: value + span };
  if (value > range.max) return { min: value - span, max: value };
  return range;
}

/** Returns where a logarithmic axis, which is linear from -1 to 1, has its numbers. */
export function logTicks(min: number, max: number): number[] {
  const largest = Math.max(Math.abs(min), Math.abs(max), 1);
  const decades = Array.from({ length: Math.ceil(Math.log10(largest)) + 1 }, (_, at) => 10 ** at);
  const ticks = decades.flatMap((decade) => [1, 2, 5].map((part) => part * decade));
  const all = [...ticks.map((tick) => -tick).reverse(), 0, ...ticks];
  return all.filter((tick) => tick >= min && tick <= max);
}
