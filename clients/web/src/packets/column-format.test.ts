// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from "vitest";
import {
  columnOf,
  fieldColumn,
  formatColumns,
  parseColumns,
  parsePreference,
  STANDARD_COLUMNS,
  storedColumns,
} from "./column-format.js";

describe("columns in the address", () => {
  test.each([
    "m,t,s,d,p,L,i",
    "m;Number,Cus:dns.a:1:R;Address;r;200,Cus:ip.src || ipv6.src:0:U",
    "i;A%2C B%3B 50%25;c",
  ])("%s are read, and written the same", (text) => {
    expect(formatColumns(parseColumns(text))).toBe(text);
  });

  test("have what Wireshark's own columns are by default", () => {
    expect(parseColumns("m,t,s,d,p,L,i")).toEqual(STANDARD_COLUMNS);
  });

  test("have no hidden ones", () => {
    const hidden = columnOf({ format: "%t", isHidden: true });
    expect(formatColumns([columnOf({ format: "%m" }), hidden])).toBe("m");
  });

  test("aren't too narrow to be found", () => {
    expect(parseColumns("m;;;1")).toMatchObject([{ width: 32 }]);
    expect(parseColumns("m;;;x")).toMatchObject([{ width: 64 }]);
  });
});

describe("Wireshark's preference", () => {
  test("has titles and formats, and what is hidden", () => {
    const text = '\n\t"No.", "%m",\n\t"A \\"b\\"", "%Cus:dns.a||ip:2:U",\n\t"T", "%Yt"';
    expect(parsePreference(text, "%Yt")).toEqual([
      columnOf({ format: "%m" }),
      columnOf({
        format: "%Cus",
        title: 'A "b"',
        fields: "dns.a||ip",
        occurrence: 2,
        isResolved: false,
      }),
      columnOf({ format: "%Yt", title: "T", isHidden: true }),
    ]);
  });

  test("may leave out which occurrence is shown", () => {
    const expected = [fieldColumn("tcp.port", "x")];
    expect(parsePreference('"x", "%Cus:tcp.port"', "")).toEqual(expected);
    expect(parsePreference('"x", "%Cus:tcp.port:0"', "")).toEqual(expected);
  });
});

test("what the browser has stored may be anything", () => {
  expect(storedColumns(undefined)).toBeUndefined();
  expect(storedColumns([{}, 1, null])).toBeUndefined();
  expect(storedColumns([{ format: "%m" }])).toEqual([columnOf({ format: "%m" })]);
});
