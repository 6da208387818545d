// SPDX-License-Identifier: Apache-2.0

/** The facts about a capture file, in the order and words of Wireshark's dialog. */
import {
  Compression,
  type File,
  type FileInterface,
  type FileSummary,
  TimeOrder,
  type TimeValue,
} from "@dissectd/client/api";
import { hexOf } from "../ui/hex.js";
import { secondsOf, shownNumber } from "./numbers.js";

export interface Fact {
  readonly section: string;
  readonly name: string;
  readonly value: string;
}

/** Returns a time in UTC with the digits that the capture has. */
export function shownTime(time: TimeValue | undefined): string {
  if (!time) return "";
  const date = new Date(Number(time.seconds) * 1000);
  const fraction = String(time.nanos)
    .padStart(9, "0")
    .replace(/(000)+$/, "");
  const day = date.toISOString().slice(0, 19).replace("T", " ");
  return `${day}${fraction && `.${fraction}`} UTC`;
}

/** Returns a duration as hours, minutes and seconds. */
export function shownDuration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = (seconds % 60).toFixed(3).padStart(6, "0");
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}:${rest}`;
}

function formatOf({ fileType, compression }: FileSummary): string {
  const packed =
    compression > Compression.NONE ? ` (${Compression[compression].toLowerCase()} compressed)` : "";
  return `${fileType?.description ?? ""}${packed}`;
}

function snapshotOf({ snapshotLength, shortestCutPacket, longestCutPacket }: FileSummary): string {
  if (snapshotLength !== undefined) return `${String(snapshotLength)} bytes`;
  if (shortestCutPacket === undefined) return "";
  return `inferred: ${String(shortestCutPacket)}-${String(longestCutPacket ?? 0)} bytes`;
}

function orderOf({ timeOrder }: FileSummary): string {
  const texts = { [TimeOrder.IN_ORDER]: "True", [TimeOrder.NOT_IN_ORDER]: "False" };
  return (texts as Partial<Record<TimeOrder, string>>)[timeOrder] ?? "Unknown";
}

type Pair = readonly [name: string, value: string | undefined];

function sectionFacts(section: string, pairs: readonly Pair[]): Fact[] {
  return pairs.flatMap(([name, value]) => (value ? [{ section, name, value }] : []));
}

function captureFacts({ sections }: FileSummary): Fact[] {
  return sections.flatMap(({ hardware, operatingSystem, application, comments }) =>
    sectionFacts("Capture", [
      ["Hardware", hardware],
      ["OS", operatingSystem],
      ["Application", application],
      ...comments.map((comment): Pair => ["Comment", comment]),
    ]),
  );
}

function droppedOf({ statistics }: FileInterface): string | undefined {
  const counts = statistics.flatMap(({ droppedByInterface }) => droppedByInterface ?? []);
  return counts.length > 0 ? String(counts.reduce((sum, count) => sum + count, 0n)) : undefined;
}

function captureFilterOf({ captureFilter }: FileInterface): string {
  if (captureFilter.case === "filter") return captureFilter.value || "none";
  return captureFilter.case === "bpfLength" ? "a BPF program" : "none";
}

function interfaceFacts({ interfaces }: FileSummary): Fact[] {
  return interfaces.flatMap((each, index) =>
    sectionFacts(`Interface ${each.name ?? String(index)}`, [
      ["Description", each.description],
      ["Hardware", each.hardware],
      ["OS", each.operatingSystem],
      ["Dropped packets", droppedOf(each) ?? "Unknown"],
      ["Capture filter", captureFilterOf(each)],
      ["Link type", each.encapsulation?.description],
      ["Packet size limit", `${String(each.snapshotLength)} bytes`],
      ["Packets", String(each.packetCount)],
      ...each.comments.map((comment): Pair => ["Comment", comment]),
    ]),
  );
}

/** Returns all facts that there are about a file. */
export function factsOf(file: File): Fact[] {
  const summary = file.summary;
  if (!summary) return [];
  return [
    ...sectionFacts("File", [
      ["Name", file.name.replace(/^files\//, "")],
      ["Length", `${String(file.sizeBytes)} bytes`],
      ["Hash (SHA256)", hexOf(summary.sha256)],
      ["Hash (RIPEMD160)", hexOf(summary.ripemd160)],
      ["Hash (SHA1)", hexOf(summary.sha1)],
      ["Format", formatOf(summary)],
      ["Encapsulation", summary.encapsulation?.description],
      ["Snapshot length", snapshotOf(summary)],
      ["Time precision", summary.timePrecision?.name],
      ["Owner", file.owner],
      ["Damaged", summary.readError?.message],
    ]),
    ...sectionFacts("Time", [
      ["First packet", shownTime(summary.firstTime)],
      ["Last packet", shownTime(summary.lastTime)],
      ["Elapsed", summary.duration && shownDuration(secondsOf(summary.duration))],
      ["Strict time order", orderOf(summary)],
    ]),
    ...captureFacts(summary),
    ...interfaceFacts(summary),
    ...sectionFacts("Statistics", [
      ["Packets", String(summary.packetCount)],
      ["Time span, s", summary.duration && secondsOf(summary.duration).toFixed(6)],
      ["Average pps", summary.packetsPerSecond.toFixed(1)],
      ["Average packet size, B", shownNumber(Math.round(summary.averagePacketBytes))],
      ["Bytes", String(summary.packetBytes)],
      ["Average bytes/s", shownNumber(Math.round(summary.bytesPerSecond))],
      ["Average bits/s", shownNumber(Math.round(summary.bitsPerSecond))],
    ]),
  ];
}
