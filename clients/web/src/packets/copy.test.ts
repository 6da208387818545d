// SPDX-License-Identifier: Apache-2.0

import { expect, test, vi } from "vitest";

vi.mock("../app/notices.js", () => ({ attempt: vi.fn(), showDone: vi.fn() }));
const { BYTE_FORMS, valueText } = await import("./copy.js");

const BYTES = new Uint8Array([0x48, 0x69, 0x0a, 0xff]);

test("bytes are copied in the forms of Wireshark", () => {
  const copied = Object.fromEntries(
    Object.entries(BYTE_FORMS).map(([name, form]) => [name, form(BYTES)]),
  );
  expect(copied).toEqual({
    "as a Hex Dump": `0000   48 69 0a ff${" ".repeat(36)}   Hi..\n`,
    "as a Hex Stream": "48690aff",
    "as Printable Text": "Hi\n",
    "as a Base64 String": "SGkK/w==",
    "as a C Array": "const unsigned char bytes[4] = {\n  0x48, 0x69, 0x0a, 0xff\n};\n",
    "as an Escaped String": '"\\x48\\x69\\x0a\\xff"',
  });
});

test("values are copied as text", () => {
  expect(valueText(undefined)).toBe("");
  expect(valueText(7)).toBe("7");
  expect(valueText(BYTES)).toBe("48:69:0a:ff");
});
