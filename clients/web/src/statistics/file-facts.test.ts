// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import { Compression, FileSchema, TimeOrder, TimeValueSchema } from "@dissectd/client/api";
import { describe, expect, test } from "vitest";
import { factsOf, shownDuration, shownTime } from "./file-facts.js";

test.each([
  [0, 0, "1970-01-01 00:00:00 UTC"],
  [1_700_000_000, 500_000_000, "2023-11-14 22:13:20.500 UTC"],
  [1_700_000_000, 1000, "2023-11-14 22:13:20.000001 UTC"],
  [1_700_000_000, 1, "2023-11-14 22:13:20.000000001 UTC"],
])("%d s and %d ns are %s", (seconds, nanos, text) => {
  expect(shownTime(create(TimeValueSchema, { seconds: BigInt(seconds), nanos }))).toBe(text);
});

test("durations have hours, minutes and seconds", () => {
  expect(shownDuration(0.2114)).toBe("00:00:00.211");
  expect(shownDuration(3725.5)).toBe("01:02:05.500");
});

describe("the facts about a file", () => {
  const file = create(FileSchema, {
    name: "files/a/b.pcap.gz",
    sizeBytes: 7n,
    summary: {
      fileType: { description: "pcap" },
      compression: Compression.GZIP,
      timeOrder: TimeOrder.NOT_IN_ORDER,
      sha256: new Uint8Array([1, 171]),
      interfaces: [{ name: "eth0", captureFilter: { case: "filter", value: "tcp" } }],
    },
  });
  const valueOf = (name: string): string | undefined =>
    factsOf(file).find((fact) => fact.name === name)?.value;

  test("are those of Wireshark's dialog", () => {
    expect(valueOf("Name")).toBe("a/b.pcap.gz");
    expect(valueOf("Length")).toBe("7 bytes");
    expect(valueOf("Hash (SHA256)")).toBe("01ab");
    expect(valueOf("Format")).toBe("pcap (gzip compressed)");
    expect(valueOf("Strict time order")).toBe("False");
    expect(valueOf("Capture filter")).toBe("tcp");
  });

  test("leave out what the file doesn't have", () => {
    expect(valueOf("Elapsed")).toBeUndefined();
    expect(valueOf("OS")).toBeUndefined();
  });
});
