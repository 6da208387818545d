// SPDX-License-Identifier: Apache-2.0

/** How two display filters become one. */

/** How a filter changes the one that there is, in the words and the order of Wireshark. */
export const COMBINATIONS = [
  "Selected",
  "Not Selected",
  "… and Selected",
  "… or Selected",
  "… and not Selected",
  "… or not Selected",
] as const;
export type Combination = (typeof COMBINATIONS)[number];

/** Returns a display filter made of the present one and another one. */
export function combine(present: string, added: string, how: Combination): string {
  const term = how.toLowerCase().includes("not") ? `!(${added})` : `(${added})`;
  if (!how.startsWith("…") || present.trim() === "") return term.startsWith("!") ? term : added;
  return `(${present.trim()}) ${how.includes(" or ") ? "||" : "&&"} ${term}`;
}

/** Returns a filter for frames that pass two others; empty ones let all frames pass. */
export function both(first: string, second: string): string {
  return first && second ? `(${first}) && (${second})` : first || second;
}
