// SPDX-License-Identifier: Apache-2.0

/** What capinfos and Wireshark's "Capture File Properties" tell of a file. */
import { Compression, type File, type FileSummary, TimeOrder } from "@dissectd/client/api";
import { Instant, TimeSpan } from "@dissectd/client";
import { count, size } from "../live/format.js";
import { hexOf } from "../ui/hex.js";
import { dateTime, pathOf, timeOf } from "./texts.js";

type Fact = readonly [title: string, value: string];

export interface FactGroup {
  readonly title: string;
  readonly facts: readonly Fact[];
}

type TimeValue = NonNullable<FileSummary["firstTime"]>;

const COMPRESSIONS: Partial<Readonly<Record<Compression, string>>> = {
  [Compression.GZIP]: "gzip",
  [Compression.ZSTD]: "Zstandard",
  [Compression.LZ4]: "LZ4",
};

const ORDERS: Partial<Readonly<Record<TimeOrder, string>>> = {
  [TimeOrder.IN_ORDER]: "Yes",
  [TimeOrder.NOT_IN_ORDER]: "No",
};

function when(time: TimeValue | undefined): string {
  return time ? dateTime(new Instant(time.seconds, time.nanos).toDate()) : "";
}

function secondsOf(time: TimeValue | undefined): string {
  return time ? `${new TimeSpan(time.seconds, time.nanos).seconds.toFixed(3)} s` : "";
}

function fileFacts(file: File, summary: FileSummary): Fact[] {
  const { fileType, compression, encapsulation, snapshotLength } = summary;
  return [
    ["Name", pathOf(file.name)],
    ["Length", `${size(Number(file.sizeBytes))} (${count(Number(file.sizeBytes))} bytes)`],
    ["Owner", file.owner],
    ["Modified", timeOf(file.modifyTime)],
    ["Format", fileType?.description ?? ""],
    ["Compression", COMPRESSIONS[compression] ?? ""],
    ["Encapsulation", encapsulation?.description ?? ""],
    ["Snapshot length", snapshotLength === undefined ? "" : `${count(snapshotLength)} bytes`],
    ["Hash (SHA256)", hexOf(summary.sha256)],
    ["Hash (SHA1)", hexOf(summary.sha1)],
  ];
}

function timeFacts(summary: FileSummary): Fact[] {
  return [
    ["First packet", when(summary.firstTime)],
    ["Last packet", when(summary.lastTime)],
    ["Elapsed", secondsOf(summary.duration)],
    ["In order", ORDERS[summary.timeOrder] ?? ""],
  ];
}

function rateFacts(summary: FileSummary): Fact[] {
  return [
    ["Packets", count(summary.packetCount)],
    ["Bytes", count(Number(summary.packetBytes))],
    ["Average packet size", `${count(summary.averagePacketBytes)} bytes`],
    ["Average packets/s", summary.packetsPerSecond.toFixed(1)],
    ["Average bytes/s", count(summary.bytesPerSecond)],
    ["Average bits/s", count(summary.bitsPerSecond)],
  ];
}

function sectionFacts({ sections }: FileSummary): Fact[] {
  return sections.flatMap(({ hardware, operatingSystem, application, comments }): Fact[] => [
    ["Hardware", hardware ?? ""],
    ["OS", operatingSystem ?? ""],
    ["Application", application ?? ""],
    ...comments.map((comment): Fact => ["Comment", comment]),
  ]);
}

function interfaceFacts({ interfaces }: FileSummary): Fact[] {
  return interfaces.map((each, index): Fact => {
    const { name, captureFilter, encapsulation, packetCount } = each;
    const filter = captureFilter.case === "filter" ? `, filter ${captureFilter.value}` : "";
    const packets = `${count(packetCount)} packets`;
    return [
      name ?? `Interface ${String(index)}`,
      `${packets}, ${encapsulation?.description ?? "unknown"}${filter}`,
    ];
  });
}

/** Returns the facts of a file in Wireshark's order, without those that it doesn't have. */
export function factsOf(file: File): FactGroup[] {
  const { summary } = file;
  if (!summary) return [];
  return [
    { title: "File", facts: fileFacts(file, summary) },
    { title: "Time", facts: timeFacts(summary) },
    { title: "Capture", facts: sectionFacts(summary) },
    { title: "Interfaces", facts: interfaceFacts(summary) },
    { title: "Statistics", facts: rateFacts(summary) },
  ]
    .map(({ title, facts }) => ({ title, facts: facts.filter(([, value]) => value !== "") }))
    .filter(({ facts }) => facts.length > 0);
}
