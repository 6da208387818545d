// SPDX-License-Identifier: Apache-2.0

import type { TextSpan } from "./gen/dissectd/v1/common_pb.js";

/** A part of a string: `text.slice(start, end)`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Returns the part of a string whose UTF-8 bytes a span has. */
export function textRange(text: string, { start, length }: TextSpan): TextRange {
  const bytes = encoder.encode(text);
  const before = decoder.decode(bytes.subarray(0, start));
  const wrong = decoder.decode(bytes.subarray(start, start + length));
  return { start: before.length, end: before.length + wrong.length };
}

// tshark indents by one column for each byte, also for one that U+FFFD replaces.
function width(text: string): number {
  return encoder.encode(text.replaceAll("\ufffd", "?")).length;
}

/** Returns a text on a line of its own, and carets below a part of it. */
export function markedText(text: string, { start, end }: TextRange): string {
  const indent = " ".repeat(width(text.slice(0, start)));
  const tail = "~".repeat(Math.max(width(text.slice(start, end)) - 1, 0));
  return `\n    ${text}\n    ${indent}^${tail}`;
}
