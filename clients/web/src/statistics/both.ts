// SPDX-License-Identifier: Apache-2.0

/** Returns a filter for frames that pass two others; empty ones let all frames pass. */
export function both(first: string, second: string): string {
  return first && second ? `(${first}) && (${second})` : first || second;
}
