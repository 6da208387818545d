// SPDX-License-Identifier: Apache-2.0

/** The list of RTP streams, as the daemon's report has it. */
import type { ReportResult } from "@dissectd/client/api";
import type { CellValue, TableColumn } from "../../ui/table.js";
import { tablesOf } from "../tables-of.js";

/** The values of a range that a stream's packets have; undefined if none has one. */
interface Range {
  readonly minimum: number;
  readonly mean: number;
  readonly maximum: number;
}

export interface RtpStream {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly ssrc: number;
  /** Seconds since the first frame of the capture. */
  readonly start: number;
  readonly end: number;
  readonly payload: string;
  readonly packets: number;
  /** Negative if packets were repeated. */
  readonly lost: number;
  readonly delta: Range | undefined;
  readonly jitter: Range | undefined;
  readonly hasProblems: boolean;
}

function rangeOf(numbers: (title: string) => number, name: string): Range | undefined {
  const range = {
    minimum: numbers(`Min ${name} (ms)`),
    mean: numbers(`Mean ${name} (ms)`),
    maximum: numbers(`Max ${name} (ms)`),
  };
  // A single packet is after none.
  return range.minimum < 0 ? undefined : range;
}

function streamFrom(cell: (title: string) => CellValue): RtpStream {
  const number = (title: string): number => Number(cell(title));
  return {
    source: String(cell("Source")),
    sourcePort: number("Source port"),
    destination: String(cell("Destination")),
    destinationPort: number("Destination port"),
    ssrc: number("SSRC"),
    start: number("Start time"),
    end: number("End time"),
    payload: String(cell("Payload")),
    packets: number("Packets"),
    lost: number("Lost"),
    delta: rangeOf(number, "delta"),
    jitter: rangeOf(number, "jitter"),
    hasProblems: number("Problems") !== 0,
  };
}

/** Returns the streams in the order in which they begin. */
export function rtpStreamsOf(parts: readonly ReportResult[]): RtpStream[] {
  return (
    tablesOf(parts)
      .flatMap(({ columns, rows }) =>
        rows.map((row) => streamFrom((title) => row[columns.indexOf(title)] ?? "")),
      )
      // tshark prints the last one first.
      .toSorted((a, b) => a.start - b.start)
  );
}

/** Returns an SSRC as Wireshark shows it, such as `0x0000abcd`. */
export function shownSsrc(ssrc: number): string {
  return `0x${ssrc.toString(16).padStart(8, "0")}`;
}

/** Returns what tells a stream from all others, for the address. */
export function idOf(stream: RtpStream): string {
  const { ssrc, source, sourcePort, destination, destinationPort } = stream;
  const from = `${source}_${String(sourcePort)}`;
  return `${shownSsrc(ssrc)}-${from}-${destination}_${String(destinationPort)}`;
}

/** Returns a name of a stream for people. */
export function nameOf(stream: RtpStream): string {
  const { ssrc, source, sourcePort, destination, destinationPort } = stream;
  const to = `${destination}:${String(destinationPort)}`;
  return `${source}:${String(sourcePort)} → ${to} SSRC ${shownSsrc(ssrc)}`;
}

/** Returns the display filter for the packets of a stream, as Wireshark's dialog writes it. */
export function filterFor(stream: RtpStream): string {
  const { ssrc, source, sourcePort, destination, destinationPort } = stream;
  const ip = source.includes(":") ? "ipv6" : /^[\d.]+$/.test(source) ? "ip" : undefined;
  const terms = [
    ...(ip ? [`${ip}.src==${source}`] : []),
    `udp.srcport==${String(sourcePort)}`,
    ...(ip ? [`${ip}.dst==${destination}`] : []),
    `udp.dstport==${String(destinationPort)}`,
    `rtp.ssrc==${shownSsrc(ssrc)}`,
  ];
  return terms.join(" && ");
}

/** Returns the percentage of a stream's packets that are lost. */
export function lostPercent({ packets, lost }: RtpStream): number {
  return packets + lost > 0 ? (100 * lost) / (packets + lost) : 0;
}

export function statusOf({ hasProblems }: RtpStream): string {
  return hasProblems ? "Problems" : "";
}

function rangeColumns(
  name: string,
  of: (stream: RtpStream) => Range | undefined,
): TableColumn<RtpStream>[] {
  const column = (title: string, part: keyof Range): TableColumn<RtpStream> => ({
    title: `${title} ${name} (ms)`,
    value: (stream) => of(stream)?.[part] ?? "",
    show: (stream) => of(stream)?.[part].toFixed(3) ?? "",
  });
  return [column("Min", "minimum"), column("Mean", "mean"), column("Max", "maximum")];
}

/** The columns of Wireshark's list. */
export const RTP_COLUMNS: readonly TableColumn<RtpStream>[] = [
  { title: "Source Address", value: ({ source }) => source },
  { title: "Source Port", value: ({ sourcePort }) => sourcePort },
  { title: "Destination Address", value: ({ destination }) => destination },
  { title: "Destination Port", value: ({ destinationPort }) => destinationPort },
  { title: "SSRC", value: ({ ssrc }) => shownSsrc(ssrc) },
  {
    title: "Start Time",
    value: ({ start }) => start,
    show: ({ start }) => start.toFixed(6),
  },
  {
    title: "Duration",
    value: ({ start, end }) => Number((end - start).toFixed(9)),
    show: ({ start, end }) => (end - start).toFixed(3),
  },
  { title: "Payload", value: ({ payload }) => payload },
  { title: "Packets", value: ({ packets }) => packets },
  {
    title: "Lost",
    value: ({ lost }) => lost,
    show: (stream) => `${String(stream.lost)} (${lostPercent(stream).toFixed(1)}%)`,
  },
  ...rangeColumns("Delta", ({ delta }) => delta),
  ...rangeColumns("Jitter", ({ jitter }) => jitter),
  { title: "Status", value: statusOf },
];
