// SPDX-License-Identifier: Apache-2.0

import { expect, test, vi } from "vitest";

vi.mock("../app/notices.js", () => ({ showDone: vi.fn() }));
vi.mock("../daemon/open-capture.js", () => ({ session: {}, reopenAfter: vi.fn() }));
const { parseHex, searchOf } = await import("./find.js");

test("bytes may have separators", () => {
  for (const text of ["0aff10", "0a:ff:10", "0A FF 10", "0x0a 0xff 0x10"]) {
    expect([...parseHex(text)]).toEqual([10, 255, 16]);
  }
  for (const text of ["", "0a:f", "xyz"]) expect(() => parseHex(text)).toThrow(TypeError);
});

test("strings are searched where the user says", () => {
  const find = { kind: "String", text: "GET", caseSensitive: false } as const;
  expect(searchOf({ ...find, place: "Packet list" }).case).toBe("textInColumns");
  expect(searchOf({ ...find, place: "Packet details" }).case).toBe("textInDetails");
  expect(searchOf({ ...find, place: "Packet bytes" })).toEqual({
    case: "bytes",
    value: new Uint8Array([0x47, 0x45, 0x54]),
  });
});
