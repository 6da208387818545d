// SPDX-License-Identifier: Apache-2.0

/** What Wireshark's analysis of an RTP stream says about each of its packets. */
import type { TableColumn } from "../../ui/table.js";
import type { Plot, PlotPoint, PlotSeries } from "./plot.js";

export interface RtpPacket {
  readonly frame: number;
  /** Milliseconds since the first frame of the capture. */
  readonly milliseconds: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payloadType: number;
  readonly isMarked: boolean;
  /** The bytes of its IP packet. */
  readonly bytes: number;
  /** The ticks of its timestamps in a second; 0 if that isn't known. */
  readonly clockRate: number;
}

export interface AnalysedPacket extends RtpPacket {
  /** Milliseconds since the packet before; undefined for the first one. */
  readonly delta: number | undefined;
  /** As RFC 3550 defines it, in milliseconds; undefined if the clock isn't known. */
  readonly jitter: number | undefined;
  /** How much later its timestamp is than it, in milliseconds, both since the first packet. */
  readonly skew: number | undefined;
  /** Kilobits in the last second. */
  readonly bandwidth: number;
  readonly status: string;
  readonly hasProblem: boolean;
}

// RFC 3551; types without a rate there are 0, such as reserved ones.
const STATIC_RATES: Readonly<Record<number, number>> = {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 15, 18, 19].map((type) => [type, 8000]),
  ),
  6: 16_000,
  10: 44_100,
  11: 44_100,
  16: 11_025,
  17: 22_050,
  ...Object.fromEntries([14, 25, 26, 28, 31, 32, 33, 34].map((type) => [type, 90_000])),
};

const COMFORT_NOISE = [13, 19];

/** The rates of the payload types that a session description has. */
export type ClockRates = ReadonlyMap<number, number>;

/** Reads the attributes of a session description, such as `rtpmap:96 opus/48000/2`. */
export function clockRatesIn(attributes: readonly string[]): ClockRates {
  const rates = new Map<number, number>();
  for (const attribute of attributes) {
    const [, type, encoding = "", rate] = /^rtpmap:(\d+) ([^/]+)\/(\d+)/.exec(attribute) ?? [];
    // The timestamps of events are those of their beginnings.
    if (type === undefined || encoding.toLowerCase() === "telephone-event") continue;
    rates.set(Number(type), Number(rate));
  }
  return rates;
}

export function clockRateOf(payloadType: number, described: ClockRates): number {
  return STATIC_RATES[payloadType] ?? described.get(payloadType) ?? 0;
}

const WRAP = 2 ** 32;
const JITTER_WEIGHT = 16;

/** The bits of the last second. */
class Bandwidth {
  private readonly last: RtpPacket[] = [];
  private first = 0;
  private bytes = 0;

  add(packet: RtpPacket): number {
    this.last.push(packet);
    this.bytes += packet.bytes;
    let old = this.last[this.first];
    while (old && old.milliseconds < packet.milliseconds - 1000) {
      this.bytes -= old.bytes;
      old = this.last[++this.first];
    }
    return (this.bytes * 8) / 1000;
  }
}

/** Follows the packets of a stream, in their order. */
class Analysis {
  private highest: number;
  private before: RtpPacket;
  private arrival: number;
  private nominal = 0;
  private jitter = 0;

  constructor(private readonly start: RtpPacket) {
    this.highest = start.sequence;
    this.before = start;
    this.arrival = start.milliseconds;
  }

  next(packet: RtpPacket): Omit<AnalysedPacket, keyof RtpPacket | "bandwidth"> {
    const sinceStart = (packet.timestamp - this.start.timestamp + WRAP) % WRAP;
    const { before } = this;
    this.before = packet;
    if (sinceStart >= WRAP / 2) {
      const none = { delta: undefined, jitter: undefined, skew: undefined };
      return { ...none, status: "Incorrect timestamp", hasProblem: true };
    }
    const isInOrder = this.isInOrder(packet.sequence);
    const status = isInOrder ? statusOf(packet, before) : "Wrong sequence number";
    return { ...this.timesOf(packet, sinceStart), status, hasProblem: !isInOrder };
  }

  private isInOrder(sequence: number): boolean {
    const isNext = sequence === (this.highest + 1) % 2 ** 16;
    if (isNext || sequence > this.highest) this.highest = sequence;
    return isNext;
  }

  private timesOf(
    packet: RtpPacket,
    sinceStart: number,
  ): Pick<AnalysedPacket, "delta" | "jitter" | "skew"> {
    const delta = packet.milliseconds - this.arrival;
    this.arrival = packet.milliseconds;
    // Wireshark counts whole ticks of a millisecond.
    const ticks = Math.floor(packet.clockRate / 1000);
    if (ticks === 0) return { delta, jitter: undefined, skew: undefined };
    const nominal = sinceStart / ticks;
    const difference = Math.abs(delta - (nominal - this.nominal));
    this.nominal = nominal;
    this.jitter += (difference - this.jitter) / JITTER_WEIGHT;
    const skew = nominal - (packet.milliseconds - this.start.milliseconds);
    return { delta, jitter: this.jitter, skew };
  }
}

function statusOf(packet: RtpPacket, before: RtpPacket): string {
  const { payloadType } = packet;
  if (COMFORT_NOISE.includes(payloadType)) return `Comfort noise (PT=${String(payloadType)})`;
  if (payloadType !== before.payloadType) {
    return `Payload type changed to PT=${String(payloadType)}`;
  }
  return "OK";
}

/** Returns what there is to say about the packets of a stream. */
export function analyse(packets: readonly RtpPacket[]): AnalysedPacket[] {
  const [first, ...others] = packets;
  if (!first) return [];
  const bandwidth = new Bandwidth();
  const analysis = new Analysis(first);
  const known = first.clockRate > 0 ? 0 : undefined;
  return [
    {
      ...first,
      delta: undefined,
      jitter: known,
      skew: known,
      bandwidth: bandwidth.add(first),
      status: "OK",
      hasProblem: false,
    },
    ...others.map((packet) => ({
      ...packet,
      ...analysis.next(packet),
      bandwidth: bandwidth.add(packet),
    })),
  ];
}

function milliseconds(
  title: string,
  of: (packet: AnalysedPacket) => number | undefined,
): TableColumn<AnalysedPacket> {
  return {
    title,
    value: (packet) => of(packet) ?? "",
    show: (packet) => of(packet)?.toFixed(3) ?? "",
  };
}

/** The columns of Wireshark's analysis. */
export const ANALYSIS_COLUMNS: readonly TableColumn<AnalysedPacket>[] = [
  { title: "Packet", value: ({ frame }) => frame },
  { title: "Sequence", value: ({ sequence }) => sequence },
  milliseconds("Delta (ms)", ({ delta }) => delta),
  milliseconds("Jitter (ms)", ({ jitter }) => jitter),
  milliseconds("Skew (ms)", ({ skew }) => skew),
  {
    title: "Bandwidth (kbps)",
    value: ({ bandwidth }) => bandwidth,
    show: ({ bandwidth }) => bandwidth.toFixed(2),
  },
  { title: "Marker", value: ({ isMarked }) => (isMarked ? "SET" : "") },
  { title: "Status", value: ({ status }) => status },
];

const SERIES: readonly PlotSeries[] = [
  { label: "Jitter", color: "--series-1", style: "line" },
  { label: "Delta", color: "--series-3", style: "line" },
  { label: "Problems", color: "--series-2", style: "dots" },
];

/** Returns the jitter and the delta of a stream over time, with its problems marked. */
export function analysisPlot(packets: readonly AnalysedPacket[]): Plot {
  const points = packets.flatMap((packet): PlotPoint[] => {
    const { frame, delta, jitter, status, hasProblem } = packet;
    const time = packet.milliseconds / 1000;
    const point = (series: number, value: number | undefined): PlotPoint[] =>
      value === undefined ? [] : [{ frame, time, series, value, note: status }];
    return [...point(0, jitter), ...point(1, delta), ...(hasProblem ? point(2, delta ?? 0) : [])];
  });
  return { yLabel: "ms", series: SERIES, points };
}
