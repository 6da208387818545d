// SPDX-License-Identifier: Apache-2.0

/** The segments of a TCP stream. */
import type { Endpoint, ReportResult, TcpSegment } from "@dissectd/client/api";

export interface TcpStream {
  /** The side that sent the first segment. */
  readonly client: Endpoint | undefined;
  readonly server: Endpoint | undefined;
  readonly segments: readonly TcpSegment[];
}

/** Which side's bytes are looked at. */
export const SIDES = ["client", "server"] as const;
export type Side = (typeof SIDES)[number];

/** Returns the stream that the parts of a report tell about. */
export function streamOf(parts: readonly ReportResult[]): TcpStream {
  const graphs = parts.flatMap(({ table }) => (table.case === "tcpGraph" ? [table.value] : []));
  return {
    client: graphs[0]?.client,
    server: graphs[0]?.server,
    segments: graphs.flatMap(({ segments }) => segments),
  };
}

/** Returns the side that has sent a frame; undefined if the frame isn't of the stream. */
export function senderOf({ segments }: TcpStream, frame: number): Side | undefined {
  const segment = segments.find(({ frameNumber }) => frameNumber === frame);
  return segment && (segment.fromServer ? "server" : "client");
}

/** Returns the side that has sent more bytes. */
export function busierSide({ segments }: TcpStream): Side {
  let more = 0;
  for (const { fromServer, length } of segments) more += fromServer ? length : -length;
  return more > 0 ? "server" : "client";
}

export function otherSide(side: Side): Side {
  return side === "client" ? "server" : "client";
}

/** Counts on where sequence numbers wrap around. */
export class SequenceNumbers {
  private last: number | undefined;
  private position = 0;

  /** Returns the position in the stream that a number close to the last one stands for. */
  positionOf(sequence: number): number {
    // The difference of two numbers of 32 bits, as a number with a sign.
    this.position += this.last === undefined ? sequence : (sequence - this.last) | 0;
    this.last = sequence;
    return this.position;
  }
}
