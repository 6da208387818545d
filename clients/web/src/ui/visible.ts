// SPDX-License-Identifier: Apache-2.0

// Control characters, and those that change the direction of the text behind them, with
// which `gpj.exe` looks like `exe.jpg`.
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const ESCAPES = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function escapeOf(character: string): string {
  const digits = character.charCodeAt(0).toString(16).padStart(4, "0");
  return ESCAPES.get(character) ?? `\\u${digits}`;
}

/**
 * Returns a text for one line, in which what can't be seen is written as Wireshark does,
 * such as `\n` and `\u202e`.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, escapeOf);
}
