// SPDX-License-Identifier: Apache-2.0

/** Which dissector tables a frame's fields select dissectors in. */
import type { Node } from "@dissectd/client";
import { type DecodeAsTable, FieldType } from "@dissectd/client/api";
import { client } from "../daemon/connection.js";
import { type DissectionOptions, messageOf } from "../daemon/dissection-options.js";

// Fields whose values are keys of a table with another name.
const KEY_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "tcp.port": ["tcp.dstport", "tcp.srcport"],
  "udp.port": ["udp.dstport", "udp.srcport"],
  "sctp.port": ["sctp.dstport", "sctp.srcport"],
  "dccp.port": ["dccp.dstport", "dccp.srcport"],
  "tls.port": ["tcp.dstport", "tcp.srcport"],
  "dtls.port": ["udp.dstport", "udp.srcport"],
  ethertype: ["eth.type", "vlan.etype", "sll.etype"],
};

// Which of several tables is offered first: the innermost.
const PREFERRED = ["tcp.port", "udp.port", "sctp.port", "dccp.port"];

type ValueNode = Pick<Node, "name" | "value">;

/** Returns the keys of a table that occur in a frame. */
export function keysIn(table: string, nodes: readonly ValueNode[]): string[] {
  const names = KEY_FIELDS[table] ?? [table];
  const keys = names.flatMap((name) =>
    nodes.filter((node) => node.name === name).map(({ value }) => String(value ?? "")),
  );
  return [...new Set(keys)].filter((key) => key !== "");
}

/** Returns tables with those first that the frame has keys of. */
export function orderTables(
  tables: readonly DecodeAsTable[],
  nodes: readonly ValueNode[],
): DecodeAsTable[] {
  const rank = ({ name }: DecodeAsTable): number => {
    if (keysIn(name, nodes).length === 0) return 2;
    return PREFERRED.includes(name) ? 0 : 1;
  };
  return tables.toSorted((a, b) => rank(a) - rank(b));
}

export function hasKeys({ selectorType }: DecodeAsTable): boolean {
  return selectorType !== FieldType.NONE;
}

/** Lists the tables as the options set them. */
export async function listTables(
  options: DissectionOptions,
  signal: AbortSignal,
): Promise<DecodeAsTable[]> {
  const tables: DecodeAsTable[] = [];
  const message = messageOf(options);
  let pageToken = "";
  do {
    const page = await client.value.services.preference.listDecodeAsTables(
      { options: message, pageSize: 1000, pageToken },
      { signal },
    );
    tables.push(...page.tables);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return tables;
}
