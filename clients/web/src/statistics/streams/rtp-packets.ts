// SPDX-License-Identifier: Apache-2.0

/** Reads the packets of an RTP stream. */
import { type Frame, type Session, TimeSpan } from "@dissectd/client";
import { type ClockRates, clockRateOf, clockRatesIn, type RtpPacket } from "./rtp-analysis.js";

const FIELDS = [
  "frame.time_relative",
  "udp.length",
  "rtp.seq",
  "rtp.timestamp",
  "rtp.p_type",
  "rtp.marker",
  "rtp.setup-frame",
];

const IP_HEADER_BYTES = 20;

function packetOf(frame: Frame, rates: ClockRates): RtpPacket {
  const payloadType = frame.get("rtp.p_type", Number) ?? 0;
  return {
    frame: frame.number,
    milliseconds: (frame.get("frame.time_relative", TimeSpan)?.seconds ?? 0) * 1000,
    sequence: frame.get("rtp.seq", Number) ?? 0,
    timestamp: frame.get("rtp.timestamp", Number) ?? 0,
    payloadType,
    isMarked: frame.get("rtp.marker", Boolean) ?? false,
    bytes: (frame.get("udp.length", Number) ?? 0) + IP_HEADER_BYTES,
    clockRate: clockRateOf(payloadType, rates),
  };
}

/** Returns the packets that pass the filter of a stream. */
export async function readRtpPackets(
  session: Session,
  filter: string,
  signal: AbortSignal,
): Promise<RtpPacket[]> {
  const frames: Frame[] = [];
  for await (const frame of session.frames({ filter, fields: FIELDS, signal })) frames.push(frame);
  const rates = await describedRates(session, frames);
  return frames.map((frame) => packetOf(frame, rates));
}

/** Returns the clock rates of the frames that have set the stream up. */
async function describedRates(session: Session, frames: readonly Frame[]): Promise<ClockRates> {
  const setups = new Set(frames.flatMap((frame) => frame.all("rtp.setup-frame", Number)));
  const attributes: string[] = [];
  for (const number of setups) {
    const setup = await session.frame(number, { fields: ["sdp.media_attr"] });
    attributes.push(...setup.all("sdp.media_attr", String));
  }
  return clockRatesIn(attributes);
}
