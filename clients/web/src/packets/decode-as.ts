// SPDX-License-Identifier: Apache-2.0

/** Which dissector tables a frame's fields select dissectors in. */
import { create } from "@bufbuild/protobuf";
import type { Node } from "@dissectd/client";
import {
  type DecodeAsTable,
  type DissectionOptions,
  DecodeAsSchema,
  FieldType,
} from "@dissectd/client/api";
import { client } from "../daemon/connection.js";

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

/** Returns options that have a key of a table decoded as a protocol. */
export function withDecodeAs(
  options: DissectionOptions,
  table: string,
  selector: string,
  protocol: string,
): DissectionOptions {
  const others = options.decodeAs.filter(
    (rule) => rule.table !== table || rule.selector !== selector,
  );
  return {
    ...options,
    decodeAs: [...others, create(DecodeAsSchema, { table, selector, protocol })],
  };
}

/** Lists the tables as the options set them. */
export async function listTables(
  options: DissectionOptions,
  signal: AbortSignal,
): Promise<DecodeAsTable[]> {
  const tables: DecodeAsTable[] = [];
  let pageToken = "";
  do {
    const page = await client.value.services.preference.listDecodeAsTables(
      { options, pageSize: 1000, pageToken },
      { signal },
    );
    tables.push(...page.tables);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return tables;
}
