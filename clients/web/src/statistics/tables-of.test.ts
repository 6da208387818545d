// SPDX-License-Identifier: Apache-2.0

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { ValueRowSchema } from "@dissectd/client/api";
import { IoCalculation, type ReportResult, ReportResultSchema } from "@dissectd/client/api";
import { describe, expect, test } from "vitest";
import { statsTreeOf, tablesOf } from "./tables-of.js";

type Table = MessageInitShape<typeof ReportResultSchema>["table"];

function part(table: NonNullable<Table>): ReportResult {
  return create(ReportResultSchema, { table });
}

function row(...texts: string[]): MessageInitShape<typeof ValueRowSchema> {
  return { cells: texts.map((value) => ({ value: { case: "stringValue", value } })) };
}

describe("reports as tables", () => {
  test("have values of all types, and empty cells", () => {
    const cells = [
      { value: { case: "unsignedValue" as const, value: 7n } },
      { value: { case: "signedValue" as const, value: -7n } },
      { value: { case: "doubleValue" as const, value: 0.5 } },
      { value: { case: "timeValue" as const, value: { seconds: 1n, nanos: 500_000_000 } } },
      {},
    ];
    const columns = ["a", "b", "c", "d", "e"];
    const tables = [{ title: "T", columns, rows: [{ cells }] }];
    expect(tablesOf([part({ case: "tables", value: { tables } })])).toEqual([
      { title: "T", columns, rows: [[7n, -7n, 0.5, 1.5, ""]] },
    ]);
  });

  test("go on where the part before has ended", () => {
    const first = { title: "First", columns: ["a"], rows: [row("1")] };
    const second = { title: "Second", columns: ["b"], rows: [row("2")] };
    const rest = { ...second, rows: [row("3")] };
    const parts = [[first, second], [rest]].map((tables) =>
      part({ case: "tables", value: { tables } }),
    );
    expect(tablesOf(parts).map(({ title, rows }) => [title, rows])).toEqual([
      ["First", [["1"]]],
      ["Second", [["2"], ["3"]]],
    ]);
  });

  test("have the columns of intervals", () => {
    const columns = [
      { calculation: IoCalculation.FRAMES_AND_BYTES, filter: "" },
      { calculation: IoCalculation.MAX, field: "tcp.len", filter: "tcp.len" },
    ];
    const table = tablesOf([part({ case: "io", value: { columns, rows: [] } })])[0];
    expect(table?.columns).toEqual(
      ["Start (s)", "End (s)", "Frames", "Bytes"].concat("MAX(tcp.len) tcp.len"),
    );
  });

  test("have the average of response times", () => {
    const procedures = [
      { index: 3, name: "READ", calls: 2, sum: { seconds: 3n }, minimumFrame: 4, maximumFrame: 9 },
      { index: 4, name: "WRITE" },
    ];
    const tables = [{ title: "NFS", procedures }];
    const rows = tablesOf([part({ case: "responseTimes", value: { tables } })])[0]?.rows;
    expect(rows).toEqual([
      [3, "READ", 2, 0, 0, 1.5, 3, 4, 9],
      [4, "WRITE", 0, 0, 0, 0, 0, 0, 0],
    ]);
  });

  test("that are trees have the nodes of all parts", () => {
    const parts = ["a", "b"].map((name) =>
      part({ case: "statsTree", value: { title: "T", columns: ["Topic"], nodes: [{ name }] } }),
    );
    expect(statsTreeOf(parts)?.nodes.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(statsTreeOf([])).toBeUndefined();
    expect(tablesOf(parts)).toEqual([]);
  });
});
