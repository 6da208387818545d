// SPDX-License-Identifier: Apache-2.0

import { CaptureFormat } from "@dissectd/client/api";
import { describe, expect, test } from "vitest";
import {
  type CaptureChoice,
  choiceOf,
  NO_CHOICE,
  optionsOf,
  problemOf,
} from "./capture-options.js";

const LOOPBACK: CaptureChoice = { ...NO_CHOICE, interfaces: [choiceOf("lo")] };

test("an interface alone is captured with Wireshark's defaults", () => {
  const { interfaces, ring, stop, format } = optionsOf(LOOPBACK);
  expect(interfaces[0]).toMatchObject({ name: "lo", promiscuous: true, snapshotLength: 0 });
  expect(ring).toBeUndefined();
  expect(stop).toMatchObject({ packets: 0n, fileSizeKb: 0n, files: 0 });
  expect(format).toBe(CaptureFormat.PCAPNG);
});

test("all that is typed gets its place", () => {
  const { interfaces, ring, stop, fileName, comment } = optionsOf({
    interfaces: [{ ...choiceOf("lo"), filter: " udp ", snaplen: "96", bufferMib: "8" }],
    file: {
      ...NO_CHOICE.file,
      name: "night.pcapng",
      isRing: true,
      keptFiles: "5",
      nextSeconds: "60",
    },
    stop: { packets: "10", files: "3", sizeKb: "2000", seconds: "1.5" },
  });
  expect(interfaces[0]).toMatchObject({ captureFilter: "udp", snapshotLength: 96, bufferMib: 8 });
  expect(ring).toMatchObject({ files: 5, packets: 0n, duration: { seconds: 60n } });
  expect(stop).toMatchObject({ packets: 10n, files: 3, fileSizeKb: 2000n });
  expect(stop?.duration).toMatchObject({ seconds: 1n, nanos: 500_000_000 });
  expect([fileName, comment]).toEqual(["night.pcapng", ""]);
});

describe("what can't be captured", () => {
  const { file } = NO_CHOICE;
  const two = [choiceOf("lo"), choiceOf("eth0")];
  test.each<[string, CaptureChoice, string]>([
    ["no interface", NO_CHOICE, "at least one interface"],
    ["a ring without an end", { ...LOOPBACK, file: { ...file, isRing: true } }, "next file begins"],
    ["pcap of two", { ...LOOPBACK, interfaces: two, file: { ...file, isPcap: true } }, "pcapng"],
    [
      "a comment in pcap",
      { ...LOOPBACK, file: { ...file, isPcap: true, comment: "hello" } },
      "comment",
    ],
  ])("%s", (_, choice, problem) => {
    expect(problemOf(choice)).toContain(problem);
  });

  test("the rest can", () => {
    expect(problemOf(LOOPBACK)).toBeUndefined();
  });
});
