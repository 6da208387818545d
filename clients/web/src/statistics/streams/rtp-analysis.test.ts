// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from "vitest";
import {
  analyse,
  type AnalysedPacket,
  analysisPlot,
  clockRateOf,
  clockRatesIn,
  type RtpPacket,
} from "./rtp-analysis.js";

/** Packets with a time in milliseconds, a sequence number, a timestamp and a payload type. */
function analysed(all: readonly (readonly [number, number, number, number?])[]): AnalysedPacket[] {
  return analyse(
    all.map(([milliseconds, sequence, timestamp, payloadType = 0], index): RtpPacket => {
      const clockRate = clockRateOf(payloadType, new Map());
      const [isMarked, bytes] = [false, 200];
      return {
        ...{ frame: index + 1, milliseconds, sequence, timestamp, payloadType },
        ...{ isMarked, bytes, clockRate },
      };
    }),
  );
}

describe("the analysis of an RTP stream", () => {
  test("has deltas, jitter, skew and bandwidth", () => {
    const packets = analysed([
      [0, 10, 1600],
      [20, 11, 1760],
      [47, 12, 1920],
    ]);
    expect(packets.map(({ delta }) => delta)).toEqual([undefined, 20, 27]);
    expect(packets.map(({ jitter }) => jitter)).toEqual([0, 0, 7 / 16]);
    expect(packets.map(({ skew }) => skew)).toEqual([0, 0, -7]);
    expect(packets.map(({ bandwidth }) => bandwidth)).toEqual([1.6, 3.2, 4.8]);
    expect(packets.map(({ status }) => status)).toEqual(["OK", "OK", "OK"]);
  });

  test("forgets bytes after a second", () => {
    const packets = analysed([
      [0, 1, 0],
      [900, 2, 7200],
      [1100, 3, 8800],
    ]);
    expect(packets.map(({ bandwidth }) => bandwidth)).toEqual([1.6, 3.2, 3.2]);
  });

  test("follows wraps", () => {
    const packets = analysed([
      [0, 65_534, 0xffffff00],
      [20, 65_535, 0xffffffa0],
      [40, 0, 0x40],
    ]);
    expect(packets.map(({ jitter }) => jitter)).toEqual([0, 0, 0]);
    // As in Wireshark, the number after a wrap is the next one.
    expect(packets.some(({ hasProblem }) => hasProblem)).toBe(false);
  });

  test("marks lost and repeated packets", () => {
    const packets = analysed([
      [0, 10, 1600],
      [60, 13, 2080],
      [61, 13, 2080],
      [80, 14, 2240],
    ]);
    expect(packets.map(({ hasProblem }) => hasProblem)).toEqual([false, true, true, false]);
    expect(packets[1]?.status).toBe("Wrong sequence number");
  });

  test("calculates nothing of earlier timestamps", () => {
    const packets = analysed([
      [0, 12, 1920],
      [20, 11, 1760],
      [47, 13, 2080],
    ]);
    expect(packets[1]).toMatchObject({ status: "Incorrect timestamp", hasProblem: true });
    expect(packets[1]?.delta).toBeUndefined();
    expect(packets[2]?.delta).toBe(47);
  });

  test("tells other payloads and comfort noise", () => {
    const packets = analysed([
      [0, 1, 0],
      [20, 2, 160, 8],
      [40, 3, 320, 13],
    ]);
    const texts = ["OK", "Payload type changed to PT=8", "Comfort noise (PT=13)"];
    expect(packets.map(({ status }) => status)).toEqual(texts);
  });

  test("becomes a plot with its problems", () => {
    const plot = analysisPlot(
      analysed([
        [0, 10, 1600],
        [60, 13, 2080],
      ]),
    );
    expect(plot.points.map(({ frame, series, value }) => [frame, series, value])).toEqual([
      [1, 0, 0],
      [2, 0, 0],
      [2, 1, 60],
      [2, 2, 60],
    ]);
    expect(plot.points.at(-1)?.note).toBe("Wrong sequence number");
  });

  test("knows the clocks of RFC 3551 and those of a session description", () => {
    const rates = clockRatesIn([
      "rtpmap:96 opus/48000/2",
      "rtpmap:101 telephone-event/8000",
      "fmtp:96 useinbandfec=1",
    ]);
    expect(clockRateOf(0, rates)).toBe(8000);
    expect(clockRateOf(10, rates)).toBe(44_100);
    expect(clockRateOf(31, rates)).toBe(90_000);
    expect(clockRateOf(96, rates)).toBe(48_000);
    expect(clockRateOf(101, rates)).toBe(0);
    expect(clockRateOf(127, rates)).toBe(0);
  });
});
