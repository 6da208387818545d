// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import { Compression, FileSchema, TimeOrder } from "@dissectd/client/api";
import { expect, test } from "vitest";
import { factsOf } from "./file-facts.js";

const FILE = create(FileSchema, {
  name: "files/lab/dns.pcap",
  sizeBytes: 4321n,
  summary: {
    fileType: { description: "Wireshark/tcpdump/... - pcap" },
    compression: Compression.NONE,
    timeOrder: TimeOrder.IN_ORDER,
    packetCount: 26,
    packetBytes: 2000n,
    packetsPerSecond: 5.25,
    duration: { seconds: 4n, nanos: 500_000_000 },
    interfaces: [{ name: "eth0", packetCount: 26, captureFilter: { case: "filter", value: "ip" } }],
    sha256: Uint8Array.of(0, 255),
  },
});

function facts(title: string): Record<string, string> {
  const group = factsOf(FILE).find((each) => each.title === title);
  return Object.fromEntries(group?.facts ?? []);
}

test("a file's facts are those of Wireshark's dialog", () => {
  expect(facts("File")).toMatchObject({
    Name: "lab/dns.pcap",
    Length: "4.3 kB (4,321 bytes)",
    Format: "Wireshark/tcpdump/... - pcap",
    "Hash (SHA256)": "00ff",
  });
  expect(facts("Time")).toEqual({ Elapsed: "4.500 s", "In order": "Yes" });
  expect(facts("Interfaces")).toEqual({ eth0: "26 packets, unknown, filter ip" });
  expect(facts("Statistics")).toMatchObject({ Packets: "26", "Average packets/s": "5.3" });
});

test("what a file doesn't have is left out", () => {
  expect(facts("File")).not.toHaveProperty("Compression");
  expect(facts("File")).not.toHaveProperty("Owner");
  expect(factsOf(FILE).map(({ title }) => title)).not.toContain("Capture");
  expect(factsOf(create(FileSchema, { name: "files/a" }))).toEqual([]);
});
