// SPDX-License-Identifier: Apache-2.0

/** The lengths of packets as bars. */
import type { PlainTree } from "./tables-of.js";

export interface LengthBars {
  /** The ranges of lengths, such as `40-79`. */
  readonly names: readonly string[];
  readonly counts: readonly number[];
}

/** Returns the bars of the report on lengths: what is below the sum of all. */
export function lengthBarsOf({ nodes }: PlainTree): LengthBars {
  const ranges = nodes.filter(({ depth }) => depth === 1);
  return {
    names: ranges.map(({ name }) => name),
    counts: ranges.map(({ count }) => Number(count)),
  };
}
