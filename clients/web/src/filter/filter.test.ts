// SPDX-License-Identifier: Apache-2.0

import { FieldType } from "@dissectd/client/api";
import { describe, expect, test } from "vitest";
import { completeCaptureWord } from "./capture-words.js";
import { underlined } from "./check.js";
import { completed, recentCompletions, typeName, useful } from "./completion.js";

function completion(insert: string, start: number, end: number): Parameters<typeof completed>[1] {
  return { insert, label: insert, description: "", kind: "", range: { start, end } };
}

describe("what is underlined", () => {
  test("is the place that the daemon has named", () => {
    expect(underlined("tcp.prt == 80", "tcp.prt == 80", { start: 0, end: 7 })).toEqual({
      start: 0,
      end: 7,
    });
  });

  test("is at least a character, also behind the end", () => {
    expect(underlined("dns and", "dns and", { start: 7, end: 7 })).toEqual({ start: 6, end: 7 });
  });

  test("is nothing if macros have changed the text, or the place is unknown", () => {
    expect(underlined("${x}", "ip.src ==", { start: 0, end: 1 })).toBeUndefined();
    expect(underlined("dns and", "dns and", undefined)).toBeUndefined();
  });
});

describe("a completion", () => {
  test("replaces its range, and the cursor is behind it", () => {
    expect(completed("not dn and ip", completion("dns", 4, 6))).toEqual({
      text: "not dns and ip",
      cursor: 7,
    });
  });

  test("is left out if it is what the user has typed, and the only one", () => {
    expect(useful("dns", [completion("dns", 0, 3)])).toEqual([]);
    expect(useful("dns", [completion("dns", 0, 3), completion("dns.a", 0, 3)])).toHaveLength(2);
  });

  test("offers filters that were used before, all of them for an empty text", () => {
    const recent = ["dns", "ip", "dns.a"];
    const labelsOf = (text: string): string[] =>
      recentCompletions(recent, text).map(({ label }) => label);
    expect(labelsOf("dns")).toEqual(["dns.a"]);
    expect(labelsOf("")).toEqual(recent);
  });

  test("of capture filters is for the word before the cursor", () => {
    const found = completeCaptureWord("tcp and portr", 13);
    expect(found).toMatchObject([{ insert: "portrange", range: { start: 8, end: 13 } }]);
    expect(completeCaptureWord("tcp ", 4)).toEqual([]);
  });
});

test.each([
  [FieldType.UINT16, "unsigned integer, 16 bits"],
  [FieldType.INT8, "signed integer, 8 bits"],
  [FieldType.IPV4, "IPv4 address"],
  [FieldType.STRINGZPAD, "character string"],
  [FieldType.UINT_BYTES, "uint bytes"],
  [FieldType.BOOLEAN, "boolean"],
])("the type %s is called %s", (type, name) => {
  expect(typeName(type)).toBe(name);
});
