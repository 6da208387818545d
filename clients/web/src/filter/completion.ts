// SPDX-License-Identifier: Apache-2.0

/** What can be inserted into a filter while it is typed. */
import type { TextRange } from "@dissectd/client";
import { CompletionKind, FieldType } from "@dissectd/client/api";
import type { Client } from "@dissectd/client/web";

export interface Completion {
  /** What replaces the range. */
  readonly insert: string;
  /** What is shown; a name in most cases. */
  readonly label: string;
  readonly description: string;
  /** What it is: a protocol, an operator, or the type of a field. */
  readonly kind: string;
  readonly range: TextRange;
}

/** Asks what can be inserted at a cursor. */
export type Completer = (text: string, cursor: number) => Promise<readonly Completion[]>;

const LIMIT = 50;
const MOST_RECENT = 5;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

const KINDS: Readonly<Partial<Record<CompletionKind, string>>> = {
  [CompletionKind.PROTOCOL]: "protocol",
  [CompletionKind.FIELD]: "field",
  [CompletionKind.VALUE]: "value",
  [CompletionKind.FUNCTION]: "function",
  [CompletionKind.OPERATOR]: "operator",
  [CompletionKind.MACRO]: "macro",
};

// Types whose names in the API aren't those of people.
const TYPE_NAMES: Readonly<Partial<Record<FieldType, string>>> = {
  [FieldType.NONE]: "label",
  [FieldType.CHAR]: "character",
  [FieldType.ABSOLUTE_TIME]: "date and time",
  [FieldType.RELATIVE_TIME]: "time offset",
  [FieldType.ETHER]: "MAC address",
  [FieldType.IPV4]: "IPv4 address",
  [FieldType.IPV6]: "IPv6 address",
  [FieldType.FRAMENUM]: "frame number",
  [FieldType.FLOAT]: "floating point",
  [FieldType.DOUBLE]: "floating point",
};

/** Returns the name of a type for people, such as `unsigned integer, 16 bits`. */
export function typeName(type: FieldType): string {
  const name = FieldType[type];
  const number = /^(U?)INT(\d+)$/.exec(name);
  if (number) return `${number[1] ? "unsigned" : "signed"} integer, ${String(number[2])} bits`;
  if (name.includes("STRING")) return "character string";
  return TYPE_NAMES[type] ?? name.toLowerCase().replaceAll("_", " ");
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

function rangeOf(text: string, start: number, length: number): TextRange {
  const bytes = encoder.encode(text);
  const before = decoder.decode(bytes.subarray(0, start)).length;
  return {
    start: before,
    end: before + decoder.decode(bytes.subarray(start, start + length)).length,
  };
}

function kindOf(kind: CompletionKind, type: FieldType): string {
  return kind === CompletionKind.FIELD ? typeName(type) : (KINDS[kind] ?? "");
}

/** Asks the daemon for what can be inserted into a display filter. */
export async function completeDisplayFilter(
  client: Client,
  text: string,
  cursor: number,
): Promise<readonly Completion[]> {
  const { items, replace } = await client.services.filter.completeFilter({
    filter: text,
    cursor: byteLength(text.slice(0, cursor)),
    limit: LIMIT,
  });
  const range = rangeOf(text, replace?.start ?? byteLength(text), replace?.length ?? 0);
  return items.map(({ insertText, label, description, kind, type }) => ({
    insert: insertText,
    label,
    description,
    kind: kindOf(kind, type),
    range,
  }));
}

/** Returns the filters used before that begin with a text, but aren't the text itself. */
export function recentCompletions(recent: readonly string[], text: string): readonly Completion[] {
  const range = { start: 0, end: text.length };
  return recent
    .filter((filter) => filter !== text && filter.startsWith(text))
    .slice(0, text === "" ? recent.length : MOST_RECENT)
    .map((filter) => ({ insert: filter, label: filter, description: "", kind: "recent", range }));
}

/** Returns the completions that would change the text. */
export function useful(text: string, items: readonly Completion[]): readonly Completion[] {
  const isAll = ({ insert, range }: Completion): boolean =>
    text.slice(range.start, range.end) === insert;
  return items.every(isAll) ? [] : items;
}

/** Returns a text with a completion, and where the cursor is then. */
export function completed(
  text: string,
  { insert, range }: Completion,
): { readonly text: string; readonly cursor: number } {
  const before = text.slice(0, range.start) + insert;
  return { text: before + text.slice(range.end), cursor: before.length };
}
