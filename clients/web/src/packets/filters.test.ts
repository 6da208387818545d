// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import { FieldDisplay, FieldSchema, FieldType, NodeFlag } from "@dissectd/client/api";
import { type FieldValue, Instant, TimeSpan } from "@dissectd/client";
import { expect, test } from "vitest";
import { conversationFilters, type FilterNode, filterOf } from "./filters.js";

function node(
  name: string,
  value: FieldValue | undefined,
  type = FieldType.UINT16,
  display = FieldDisplay.DEC,
): FilterNode {
  const field = create(FieldSchema, { name, type, display });
  return { name, value, field, start: 2, length: 3, sourceNumber: 1, is: () => false };
}

test("values are written as display filters have them", () => {
  const cases: readonly (readonly [FilterNode, string])[] = [
    [node("tcp", undefined, FieldType.PROTOCOL), "tcp"],
    [node("tcp.srcport", 80), "tcp.srcport == 80"],
    [node("eth.type", 2048, FieldType.UINT16, FieldDisplay.HEX), "eth.type == 0x800"],
    [node("tcp.flags.syn", true, FieldType.BOOLEAN), "tcp.flags.syn == True"],
    [node("ip.src", "192.0.2.1", FieldType.IPV4), "ip.src == 192.0.2.1"],
    [node("http.host", 'a"b\\\r\n', FieldType.STRING), 'http.host == "a\\"b\\\\\\x0d\\x0a"'],
    [node("data", new Uint8Array([1, 171]), FieldType.BYTES), "data == 01:ab"],
    [node("data", new Uint8Array(), FieldType.BYTES), "data"],
    [node("t", new TimeSpan(1n, 500), FieldType.RELATIVE_TIME), "t == 1.000000500"],
    [
      node("frame.time", new Instant(0n, 1), FieldType.ABSOLUTE_TIME),
      'frame.time == "1970-01-01 00:00:00.000000001 UTC"',
    ],
  ];
  for (const [asked, filter] of cases) expect(filterOf(asked)).toBe(filter);
});

test("a label without a field is selected by its bytes", () => {
  const text = {
    ...node("text", undefined),
    is: (flag: NodeFlag): boolean => flag === NodeFlag.TEXT,
  };
  const bytes = new Uint8Array([0, 1, 2, 3, 4, 5]);
  expect(filterOf(text, bytes)).toBe("frame[2:3] == 02:03:04");
  expect(filterOf({ ...text, length: 0 }, bytes)).toBeUndefined();
});

test("the conversations of a frame come with the innermost first", () => {
  const nodes = [
    node("ip.src", "192.0.2.1", FieldType.IPV4),
    node("ip.dst", "192.0.2.2", FieldType.IPV4),
    node("tcp.stream", 3),
  ];
  expect(conversationFilters(nodes)).toEqual([
    { name: "TCP", filter: "tcp.stream eq 3" },
    { name: "IPv4", filter: "ip.addr eq 192.0.2.1 and ip.addr eq 192.0.2.2" },
  ]);
});
