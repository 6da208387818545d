// SPDX-License-Identifier: Apache-2.0

/** What can be copied of nodes and bytes, and in which forms. */
import type { FieldValue, Node } from "@dissectd/client";
import { hexByte, hexOf } from "../ui/hex.js";
import { endOf } from "./tree.js";

const C_BYTES_A_LINE = 8;
const NEWLINE = 10;

/** Forms in which bytes are copied, in Wireshark's words. */
export const BYTE_FORMS: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  "as a Hex Dump": (bytes) => hexDump(bytes),
  "as a Hex Stream": (bytes) => hexOf(bytes),
  "as Printable Text": (bytes) =>
    Array.from(bytes, (byte) =>
      isPrintable(byte) || byte === NEWLINE ? String.fromCharCode(byte) : "",
    ).join(""),
  "as a Base64 String": (bytes) =>
    btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")),
  "as a C Array": (bytes) => cArray(bytes),
  "as an Escaped String": (bytes) =>
    `"${Array.from(bytes, (byte) => `\\x${hexByte(byte)}`).join("")}"`,
};

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

/** Returns a byte as the right side of a hex dump has it. */
export function asciiOf(byte: number): string {
  return isPrintable(byte) ? String.fromCharCode(byte) : ".";
}

function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += 16) {
    const row = Array.from(bytes.subarray(start, start + 16));
    const digits = row.map(hexByte).join(" ").padEnd(47);
    const text = row.map(asciiOf).join("");
    lines.push(`${start.toString(16).padStart(4, "0")}   ${digits}   ${text}\n`);
  }
  return lines.join("");
}

function cArray(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += C_BYTES_A_LINE) {
    const row = Array.from(bytes.subarray(start, start + C_BYTES_A_LINE));
    lines.push(`  ${row.map((byte) => `0x${hexByte(byte)}`).join(", ")}`);
  }
  return `const unsigned char bytes[${String(bytes.length)}] = {\n${lines.join(",\n")}\n};\n`;
}

/** Returns a value as text; bytes as hexadecimal digits. */
export function valueText(value: FieldValue | undefined): string {
  if (value instanceof Uint8Array) return hexOf(value, ":");
  return value === undefined ? "" : String(value);
}

/** Returns the label of a node as Wireshark shows it. */
export function labelOf(node: Node, isGenerated: boolean): string {
  const label = node.label ?? node.field.displayName;
  return isGenerated ? `[${label}]` : label;
}

interface NodeObject {
  readonly name: string;
  readonly label: string;
  readonly value?: string | number | boolean;
  readonly start: number;
  readonly length: number;
  readonly children?: readonly NodeObject[];
}

function objectOf(node: Node): NodeObject {
  const { name, label = "", value, start, length, children } = node;
  const isPlain = typeof value === "number" || typeof value === "boolean";
  return {
    name,
    label,
    ...(value !== undefined && { value: isPlain ? value : valueText(value) }),
    start,
    length,
    ...(children.length > 0 && { children: children.map(objectOf) }),
  };
}

/** Returns nodes, with all that is below them, as JSON. */
export function nodesAsJson(nodes: readonly Node[]): string {
  return `${JSON.stringify(nodes.map(objectOf), undefined, 2)}\n`;
}

/** Returns the labels of a node and of all that is below it, a line each. */
export function subtreeText(nodes: readonly Node[], index: number): string {
  const own = nodes.slice(index, endOf(nodes, index));
  const depth = own[0]?.depth ?? 0;
  return own
    .map((node) => `${"    ".repeat(node.depth - depth)}${node.label ?? node.name}\n`)
    .join("");
}
