// SPDX-License-Identifier: Apache-2.0

import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { baseName, folderOf, minuteOf, pathOf, timeOf } from "./texts.js";

test("a file of the store has a path, a folder and a name", () => {
  const name = "files/uploads/1f/dns.pcap";
  expect(pathOf(name)).toBe("uploads/1f/dns.pcap");
  expect(folderOf(name)).toBe("uploads/1f");
  expect(baseName(name)).toBe("dns.pcap");
  expect(folderOf("files/dns.pcap")).toBe("");
});

test("times are local and sort as texts", () => {
  const time = timestampFromDate(new Date(2026, 2, 1, 12, 30, 5));
  expect(timeOf(time)).toBe("2026-03-01 12:30:05");
  expect(minuteOf(time)).toBe("2026-03-01 12:30");
  expect(minuteOf(undefined)).toBe("");
});
