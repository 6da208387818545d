// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { valueInFile } from "./preferences-file.js";

const TEXT = `# A description.
#tcp.check_checksum: FALSE

# tcpXother: 1
tcp.ports: 80,8080
empty: 
gui.column.format: 
\t"No.", "%m",
\t"Time", "%t"
#gui.column.hidden: 
#last: "a
#\tb"
`;

test.each([
  ["tcp.check_checksum", "FALSE"],
  ["tcp.ports", "80,8080"],
  ["empty", ""],
  ["gui.column.format", '\n\t"No.", "%m",\n\t"Time", "%t"'],
  ["gui.column.hidden", ""],
  ["last", '"a\n\tb"'],
  ["tcp.other", undefined],
])("%s has its value in Wireshark's file", (name, value) => {
  expect(valueInFile(TEXT, name)).toBe(value);
});
