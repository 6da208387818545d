// SPDX-License-Identifier: Apache-2.0

import type { TcpSegment } from "@dissectd/client/api";
import { describe, expect, test } from "vitest";
import { align, pointText } from "./plot.js";
import { tcpPlot } from "./tcp-plots.js";
import { busierSide, senderOf, SequenceNumbers, type TcpStream } from "./tcp-segments.js";

interface Facts {
  readonly ms: number;
  readonly sequence?: number;
  readonly length?: number;
  readonly acknowledgement?: number;
  readonly window?: number;
  readonly sack?: readonly [number, number];
  readonly rttMs?: number;
}

const time = (ms: number): { seconds: bigint; nanos: number } => ({
  seconds: BigInt(Math.floor(ms / 1000)),
  nanos: (ms % 1000) * 1e6,
});

/** A stream whose client sends what has bytes, and whose server answers. */
function streamWith(all: readonly Facts[]): TcpStream {
  const segments = all.map(({ ms, sequence = 0, length = 0, sack, rttMs, ...facts }, index) => ({
    frameNumber: index + 1,
    fromServer: length === 0,
    time: time(ms),
    sequence,
    length,
    window: facts.window ?? 0,
    acknowledgement: facts.acknowledgement,
    selective: sack ? [{ left: sack[0], right: sack[1] }] : [],
    roundTripTime: rttMs === undefined ? undefined : time(rttMs),
  }));
  return {
    client: undefined,
    server: undefined,
    segments: segments as unknown as readonly TcpSegment[],
  };
}

const STREAM = streamWith([
  { ms: 0, sequence: 1, length: 100 },
  { ms: 10, acknowledgement: 101, window: 1000, rttMs: 10 },
  { ms: 500, sequence: 201, length: 100 },
  { ms: 510, acknowledgement: 101, window: 900, sack: [201, 301] },
  { ms: 1005, sequence: 101, length: 100 },
  { ms: 1012, acknowledgement: 301, window: 800, rttMs: 7 },
]);

type Points = (number | undefined)[][];

function pointsOf(name: Parameters<typeof tcpPlot>[0]): Points {
  const { points } = tcpPlot(name, STREAM, "client", 1);
  return points.map(({ frame, series, value, end }) =>
    end === undefined ? [frame, series, value] : [frame, series, value, end],
  );
}

describe("graphs of a TCP stream", () => {
  test("have sequence numbers", () => {
    expect(pointsOf("stevens")).toEqual([
      [1, 0, 1],
      [3, 0, 201],
      [5, 0, 101],
    ]);
  });

  test("have segments, acknowledgements, windows and blocks", () => {
    expect(pointsOf("tcptrace")).toEqual([
      [1, 0, 1, 101],
      [2, 1, 101],
      [2, 2, 1101],
      [3, 0, 201, 301],
      [4, 1, 101],
      [4, 2, 1001],
      [4, 3, 201, 301],
      [5, 0, 101, 201],
      [6, 1, 301],
      [6, 2, 1101],
    ]);
  });

  test("have the throughput of the last second", () => {
    expect(pointsOf("throughput")).toEqual([
      [1, 0, 800],
      [3, 0, 1600],
      [5, 0, 1600],
      [6, 1, 1600],
    ]);
  });

  test("have round-trip times in milliseconds", () => {
    expect(pointsOf("rtt")).toEqual([
      [2, 0, 10],
      [6, 0, 7],
    ]);
  });

  test("have windows and the bytes that aren't acknowledged", () => {
    expect(pointsOf("window")).toEqual([
      [2, 0, 1000],
      [2, 1, 0],
      [3, 1, 200],
      [4, 0, 900],
      [4, 1, 200],
      [5, 1, 200],
      [6, 0, 800],
      [6, 1, 0],
    ]);
  });

  test("have nothing of a side that sends nothing", () => {
    expect(tcpPlot("stevens", STREAM, "server", 1).points).toEqual([]);
  });

  test("become rows of a chart, one for each point", () => {
    const plot = tcpPlot("tcptrace", STREAM, "client", 1);
    const { data, series } = align(plot);
    expect(data[0].slice(0, 3)).toEqual([0, 0.01, 0.01]);
    expect(data[1]?.slice(0, 3)).toEqual([101, undefined, undefined]);
    expect(data[2]?.slice(0, 3)).toEqual([undefined, 101, undefined]);
    expect(series[0]?.lows?.slice(0, 2)).toEqual([1, undefined]);
    expect(series[1]).not.toHaveProperty("lows");
    expect(pointText(plot, 0)).toBe("Packet 1 at 0.000000 s: Segments 1 to 101");
  });
});

describe("a TCP stream", () => {
  test("has a side that sends more, and a sender of each frame", () => {
    expect(busierSide(STREAM)).toBe("client");
    expect(senderOf(STREAM, 1)).toBe("client");
    expect(senderOf(STREAM, 2)).toBe("server");
    expect(senderOf(STREAM, 99)).toBeUndefined();
  });

  test("goes on where sequence numbers wrap around", () => {
    const numbers = new SequenceNumbers();
    expect(numbers.positionOf(0xfffffff0)).toBe(0xfffffff0);
    expect(numbers.positionOf(0x10)).toBe(0x1_0000_0010);
    expect(numbers.positionOf(0xfffffff8)).toBe(0xfffffff8);
  });
});
