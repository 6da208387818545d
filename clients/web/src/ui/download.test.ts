// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { csvOf, jsonOf } from "./download.js";
import type { CellValue } from "./table.js";

const COLUMNS = [{ title: "Value", value: (value: CellValue): CellValue => value }];

function cellOf(value: CellValue): string {
  return csvOf(COLUMNS, [value]).slice("Value\r\n".length, -"\r\n".length);
}

test.each([
  ["=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"],
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ["@SUM(1)", "'@SUM(1)"],
  ["-1+1", "'-1+1"],
  ["+1+1", "'+1+1"],
  ["\t=1", "'\t=1"],
  ["\r=1", `"'\r=1"`],
])("the formula %j is a text in a spreadsheet", (text, cell) => {
  expect(cellOf(text)).toBe(cell);
});

test.each([
  [-5, "-5"],
  [-5n, "-5"],
  ["-0.25", "-0.25"],
  ["a=b", "a=b"],
  ["a,b", '"a,b"'],
  ["", ""],
])("%s stays as it is", (value, cell) => {
  expect(cellOf(value)).toBe(cell);
});

test("programs read exact texts as JSON", () => {
  expect(JSON.parse(jsonOf(COLUMNS, ["=1+1"]))).toEqual([{ Value: "=1+1" }]);
});
