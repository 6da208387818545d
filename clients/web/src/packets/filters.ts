// SPDX-License-Identifier: Apache-2.0

/** Display filters that select what a node has, and how they are combined with others. */
import { type FieldValue, Instant, type Node, TimeSpan } from "@dissectd/client";
import { FieldDisplay, FieldType, NodeFlag } from "@dissectd/client/api";
import { hexByte, hexOf } from "../ui/hex.js";

export type FilterNode = Pick<
  Node,
  "name" | "value" | "field" | "start" | "length" | "sourceNumber" | "is"
>;

function hex(bytes: Uint8Array): string {
  return hexOf(bytes, ":");
}

function quoted(text: string): string {
  const escaped = text
    .replace(/["\\]/g, "\\$&")
    .replace(/\p{Cc}/gu, (control) => `\\x${hexByte(control.charCodeAt(0))}`);
  return `"${escaped}"`;
}

const STRINGS = new Set([
  FieldType.STRING,
  FieldType.STRINGZ,
  FieldType.UINT_STRING,
  FieldType.STRINGZPAD,
  FieldType.STRINGZTRUNC,
]);

function isHexadecimal(display: FieldDisplay): boolean {
  return display === FieldDisplay.HEX || display === FieldDisplay.HEX_DEC;
}

/** Returns a value as display filters have it; undefined if it has no bytes to compare. */
function valueText(value: FieldValue, type: FieldType, display: FieldDisplay): string | undefined {
  if (value instanceof Uint8Array) return value.length > 0 ? hex(value) : undefined;
  if (value instanceof Instant) {
    return `"${value.toString().replace("T", " ").replace("Z", " UTC")}"`;
  }
  if (value instanceof TimeSpan) return value.toString();
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return STRINGS.has(type) ? quoted(value) : value;
  if (type === FieldType.CHAR || (isHexadecimal(display) && value >= 0)) {
    return `0x${value.toString(16)}`;
  }
  return String(value);
}

/**
 * Returns the display filter that frames with the same node pass: its field and value, or
 * its protocol, or its bytes. Undefined if there is none.
 */
export function filterOf(node: FilterNode, bytes?: Uint8Array): string | undefined {
  const { name, value, field, start, length, sourceNumber } = node;
  if (node.is(NodeFlag.TEXT)) {
    if (sourceNumber !== 1 || length <= 0 || !bytes) return undefined;
    const own = bytes.subarray(start, start + length);
    return `frame[${String(start)}:${String(own.length)}] == ${hex(own)}`;
  }
  const text =
    value === undefined || node.is(NodeFlag.VALUE_CUT)
      ? undefined
      : valueText(value, field.type, field.display);
  return text === undefined ? name : `${name} == ${text}`;
}

interface Layer {
  readonly name: string;
  /** The fields of both ends; one field if it identifies the conversation by itself. */
  readonly fields: readonly string[];
}

// The innermost first, as Wireshark looks for them.
const LAYERS: readonly Layer[] = [
  { name: "TCP", fields: ["tcp.stream"] },
  { name: "UDP", fields: ["udp.stream"] },
  { name: "SCTP", fields: ["sctp.assoc_index"] },
  { name: "IPv4", fields: ["ip.src", "ip.dst", "ip.addr"] },
  { name: "IPv6", fields: ["ipv6.src", "ipv6.dst", "ipv6.addr"] },
  { name: "Ethernet", fields: ["eth.src", "eth.dst", "eth.addr"] },
];

export interface ConversationFilter {
  readonly name: string;
  readonly filter: string;
}

/** Returns the filters of the conversations that a frame belongs to, the innermost first. */
export function conversationFilters(nodes: readonly FilterNode[]): ConversationFilter[] {
  const valueOf = (name: string | undefined): FieldValue | undefined =>
    nodes.find((node) => node.name === name)?.value;
  return LAYERS.flatMap(({ name, fields: [first = "", second, either = ""] }) => {
    const one = valueOf(first);
    if (one === undefined) return [];
    if (second === undefined) return [{ name, filter: `${first} eq ${String(one)}` }];
    const other = valueOf(second);
    if (other === undefined) return [];
    return [{ name, filter: `${either} eq ${String(one)} and ${either} eq ${String(other)}` }];
  });
}
