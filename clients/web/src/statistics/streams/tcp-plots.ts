// SPDX-License-Identifier: Apache-2.0

/** Wireshark's graphs of TCP streams. */
import type { TcpSegment } from "@dissectd/client/api";
import { secondsOf } from "../numbers.js";
import type { Plot, PlotPoint, PlotSeries } from "./plot.js";
import type { TcpPlotName } from "./tcp-plot-names.js";
import { SequenceNumbers, type Side, type TcpStream } from "./tcp-segments.js";

/** What a segment is for the plot of one side's bytes. */
interface Step {
  readonly segment: TcpSegment;
  readonly frame: number;
  readonly time: number;
  /** Whether the side has sent it; otherwise it answers that side. */
  readonly isSent: boolean;
}

function stepsOf({ segments }: TcpStream, side: Side): Step[] {
  return segments.map((segment) => ({
    segment,
    frame: segment.frameNumber,
    time: secondsOf(segment.time),
    isSent: segment.fromServer === (side === "server"),
  }));
}

type Adder = (series: number, step: Step, value: number, end?: number) => void;

function plotOf(
  yLabel: string,
  series: readonly PlotSeries[],
  steps: readonly Step[],
  visit: (step: Step, add: Adder) => void,
): Plot {
  const points: PlotPoint[] = [];
  const add: Adder = (of, { frame, time }, value, end) => {
    points.push({ frame, time, series: of, value, ...(end !== undefined && { end }) });
  };
  for (const step of steps) visit(step, add);
  // Frames can be out of order in a capture; charts need rising times.
  return { yLabel, series, points: points.sort((a, b) => a.time - b.time) };
}

function stevens(steps: readonly Step[]): Plot {
  const numbers = new SequenceNumbers();
  const series: PlotSeries[] = [{ label: "Sequence Number", color: "--series-1", style: "dots" }];
  return plotOf("Sequence Number (B)", series, steps, (step, add) => {
    const { segment, isSent } = step;
    if (isSent && segment.length > 0) add(0, step, numbers.positionOf(segment.sequence));
  });
}

function tcptrace(steps: readonly Step[]): Plot {
  const numbers = new SequenceNumbers();
  const series: PlotSeries[] = [
    { label: "Segments", color: "--series-1", style: "spans" },
    { label: "ACK", color: "--series-5", style: "steps" },
    { label: "Receive Window", color: "--series-3", style: "steps" },
    { label: "SACK", color: "--series-2", style: "spans" },
  ];
  return plotOf("Sequence Number (B)", series, steps, (step, add) => {
    const { segment, isSent } = step;
    if (isSent) {
      if (segment.length === 0) return;
      const begin = numbers.positionOf(segment.sequence);
      add(0, step, begin, begin + segment.length);
      return;
    }
    if (segment.acknowledgement === undefined) return;
    const next = numbers.positionOf(segment.acknowledgement);
    add(1, step, next);
    add(2, step, next + segment.window);
    for (const { left, right } of segment.selective) {
      add(3, step, numbers.positionOf(left), numbers.positionOf(right));
    }
    // The next number is close to this one.
    numbers.positionOf(segment.acknowledgement);
  });
}

/** The average of the bits in a window that ends now. */
class MovingAverage {
  private readonly last: { time: number; bytes: number }[] = [];
  private first = 0;
  private sum = 0;

  constructor(private readonly seconds: number) {}

  bitsPerSecond(time: number, bytes: number): number {
    this.last.push({ time, bytes });
    this.sum += bytes;
    let old = this.last[this.first];
    while (old && old.time <= time - this.seconds) {
      this.sum -= old.bytes;
      old = this.last[++this.first];
    }
    return (this.sum * 8) / this.seconds;
  }
}

function throughput(steps: readonly Step[], windowSeconds: number): Plot {
  const numbers = new SequenceNumbers();
  const sent = new MovingAverage(windowSeconds);
  const good = new MovingAverage(windowSeconds);
  let acknowledged: number | undefined;
  const series: PlotSeries[] = [
    { label: "Throughput", color: "--series-1", style: "line" },
    { label: "Goodput", color: "--series-3", style: "line" },
  ];
  return plotOf("Average throughput (bits/s)", series, steps, (step, add) => {
    const { segment, isSent, time } = step;
    if (isSent) {
      if (segment.length > 0) add(0, step, sent.bitsPerSecond(time, segment.length));
      return;
    }
    if (segment.acknowledgement === undefined) return;
    const next = numbers.positionOf(segment.acknowledgement);
    if (acknowledged !== undefined && next > acknowledged) {
      add(1, step, good.bitsPerSecond(time, next - acknowledged));
    }
    acknowledged = Math.max(acknowledged ?? next, next);
  });
}

function roundTripTimes(steps: readonly Step[]): Plot {
  const series: PlotSeries[] = [{ label: "Round Trip Time", color: "--series-1", style: "dots" }];
  return plotOf("Round Trip Time (ms)", series, steps, (step, add) => {
    const { roundTripTime } = step.segment;
    if (!step.isSent && roundTripTime) add(0, step, secondsOf(roundTripTime) * 1000);
  });
}

function windowScaling(steps: readonly Step[]): Plot {
  const numbers = new SequenceNumbers();
  let end: number | undefined;
  let acknowledged: number | undefined;
  const series: PlotSeries[] = [
    { label: "Receive Window", color: "--series-3", style: "steps" },
    { label: "Bytes Out", color: "--series-1", style: "steps" },
  ];
  return plotOf("Window Size (B)", series, steps, (step, add) => {
    const { segment, isSent } = step;
    if (isSent) {
      if (segment.length === 0) return;
      const next = numbers.positionOf(segment.sequence) + segment.length;
      end = Math.max(end ?? next, next);
    } else {
      add(0, step, segment.window);
      if (segment.acknowledgement === undefined) return;
      const next = numbers.positionOf(segment.acknowledgement);
      acknowledged = Math.max(acknowledged ?? next, next);
    }
    if (end !== undefined && acknowledged !== undefined) {
      add(1, step, Math.max(0, end - acknowledged));
    }
  });
}

/** Returns a graph of the bytes that one side has sent, and of the answers to them. */
export function tcpPlot(
  name: TcpPlotName,
  stream: TcpStream,
  side: Side,
  windowSeconds: number,
): Plot {
  const steps = stepsOf(stream, side);
  switch (name) {
    case "rtt":
      return roundTripTimes(steps);
    case "throughput":
      return throughput(steps, windowSeconds);
    case "stevens":
      return stevens(steps);
    case "tcptrace":
      return tcptrace(steps);
    case "window":
      return windowScaling(steps);
  }
}
