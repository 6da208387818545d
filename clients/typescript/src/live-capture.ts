// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampDate } from "@bufbuild/protobuf/wkt";
import type { ColumnBatch } from "./decode/columns.js";
import type { Frame } from "./decode/frame.js";
import { DissectdError } from "./errors.js";
import type { Row } from "./frames.js";
import {
  type Capture,
  type CaptureCounts,
  CaptureCountsSchema,
  type WatchCaptureStatisticsResponse,
} from "./gen/dissectd/v1/capture_pb.js";
import { checkOptions, type NamesOf } from "./options.js";
import type { Reader, TableOptions } from "./reader.js";
import type { ColumnName, FrameParts } from "./request.js";
import { DEFAULT_RETRY_MS, isTransient, Retry } from "./retry.js";
import type { Services } from "./services.js";

/** The packets and bytes of a protocol. */
export interface ProtocolRate {
  readonly name: string;
  readonly packets: number;
  readonly bytes: number;
}

/** What was captured in an interval. */
export interface Rate {
  /** When the interval ended. */
  readonly time: Date;
  /** The length of the interval. */
  readonly seconds: number;
  readonly packets: number;
  readonly bytes: number;
  readonly packetsPerSecond: number;
  readonly bytesPerSecond: number;
  /** The protocols with the most packets. */
  readonly top: readonly ProtocolRate[];
  /** The packets from the beginning of the capture. */
  readonly totalPackets: number;
}

export interface RateOptions {
  /** The length of an interval; a second by default. */
  everyMs?: number;
  signal?: AbortSignal;
  /** The milliseconds for which a lost connection is made again; a minute by default. */
  resumeForMs?: number;
}

const RATE_NAMES: NamesOf<RateOptions> = { everyMs: true, signal: true, resumeForMs: true };

export interface LiveOptions extends TableOptions {
  /** Only frames that are captured from now on. */
  fromNow?: boolean;
}

function secondsOf(duration: WatchCaptureStatisticsResponse["interval"]): number {
  return duration ? Number(duration.seconds) + duration.nanos / 1e9 : 0;
}

/** The last answer about rates, to go on from in another call. */
interface LastRate {
  readonly time: Date;
  readonly totals: CaptureCounts;
}

/** Returns the counts of what came after other counts of the same capture. */
function difference(totals: CaptureCounts, before: CaptureCounts): CaptureCounts {
  const earlier = new Map(before.protocols.map((protocol) => [protocol.name, protocol]));
  const protocols = totals.protocols
    .map(({ name, packets, bytes }) => ({
      name,
      packets: packets - (earlier.get(name)?.packets ?? 0n),
      bytes: bytes - (earlier.get(name)?.bytes ?? 0n),
    }))
    .filter(({ packets }) => packets > 0n);
  return create(CaptureCountsSchema, {
    packets: totals.packets - before.packets,
    bytes: totals.bytes - before.bytes,
    protocols,
  });
}

function totalsOf({ totals }: WatchCaptureStatisticsResponse): CaptureCounts {
  return totals ?? create(CaptureCountsSchema);
}

/**
 * Returns the rate that an answer tells. After a gap it is about the whole time since
 * the answer before, so that no packet is missing.
 */
function rateOf(response: WatchCaptureStatisticsResponse, gapSince?: LastRate): Rate {
  const time = response.time ? timestampDate(response.time) : new Date(Number.NaN);
  const totals = totalsOf(response);
  const counts = gapSince
    ? difference(totals, gapSince.totals)
    : (response.counts ?? create(CaptureCountsSchema));
  const seconds = gapSince
    ? (time.getTime() - gapSince.time.getTime()) / 1000
    : secondsOf(response.interval);
  const packets = Number(counts.packets);
  const bytes = Number(counts.bytes);
  return {
    time,
    seconds,
    packets,
    bytes,
    packetsPerSecond: seconds > 0 ? packets / seconds : 0,
    bytesPerSecond: seconds > 0 ? bytes / seconds : 0,
    top: counts.protocols.map((protocol) => ({
      name: protocol.name,
      packets: Number(protocol.packets),
      bytes: Number(protocol.bytes),
    })),
    totalPackets: Number(totals.packets),
  };
}

/** A capture of the daemon, which runs or has ended. */
export class LiveCapture implements AsyncDisposable {
  constructor(
    private readonly services: Services,
    private readonly reader: Reader,
    /** The resource name, `captures/{id}`. */
    readonly name: string,
    private readonly keep: boolean,
  ) {}

  /** Returns the capture's state, files and counts. */
  async info(): Promise<Capture> {
    const { capture } = await this.services.capture.getCapture({ name: this.name });
    if (capture === undefined) throw new Error("The daemon's answer has no capture.");
    return capture;
  }

  /**
   * Returns the frames of the capture, from the first one on, and while it runs also
   * those to come. The stream survives a lost connection.
   */
  frames(options: LiveOptions & FrameParts = {}): AsyncIterable<Frame> {
    return this.reading(options, (from) => this.reader.frames(this.name, from));
  }

  /** Returns values of fields as typed arrays, batch by batch. */
  fields(
    names: readonly string[],
    options: LiveOptions & Pick<FrameParts, "columns"> = {},
  ): AsyncIterable<ColumnBatch> {
    return this.reading(options, (from) => this.reader.fields(this.name, names, from));
  }

  /** Returns the texts of columns. */
  rows<Name extends ColumnName>(
    names: readonly Name[],
    options: LiveOptions = {},
  ): AsyncIterable<Row<Name>> {
    return this.reading(options, (from) => this.reader.rows(this.name, names, from));
  }

  /**
   * Returns how much is captured, once in each interval until the capture ends. After a
   * lost connection the next rate is about the whole time in between.
   */
  async *rates(options: RateOptions = {}): AsyncGenerator<Rate, void, undefined> {
    checkOptions(options, RATE_NAMES);
    const retry = new Retry(options.resumeForMs ?? DEFAULT_RETRY_MS);
    let last: LastRate | undefined;
    for (;;) {
      let gapSince = last;
      try {
        for await (const response of this.watchRates(options)) {
          retry.progress();
          const rate = rateOf(response, gapSince);
          gapSince = undefined;
          last = { time: rate.time, totals: totalsOf(response) };
          yield rate;
        }
        return;
      } catch (error) {
        options.signal?.throwIfAborted();
        const resumable =
          error instanceof DissectdError && last !== undefined && isTransient(error);
        if (!resumable) throw error;
        await retry.wait(error, options.signal);
      }
    }
  }

  /** Stops the capture. All captured packets are written when it returns. */
  async stop(): Promise<Capture> {
    const { capture } = await this.services.capture.stopCapture({ name: this.name });
    if (capture === undefined) throw new Error("The daemon's answer has no capture.");
    return capture;
  }

  /** Stops the capture and deletes it; also its files, unless they are to be kept. */
  async delete(options: { keepFiles?: boolean } = {}): Promise<void> {
    checkOptions(options, { keepFiles: true });
    await this.stop();
    const deleteFiles = !(options.keepFiles ?? false);
    await this.services.capture.deleteCapture({ name: this.name, deleteFiles });
  }

  /** Deletes the capture with its files, unless it was made with `keep`. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.keep) await this.stop();
    else await this.delete();
  }

  private watchRates(options: RateOptions): AsyncIterable<WatchCaptureStatisticsResponse> {
    const interval = durationFromMs(options.everyMs ?? 1000);
    return this.services.capture.watchCaptureStatistics(
      { name: this.name, interval },
      options.signal ? { signal: options.signal } : {},
    );
  }

  private reading<Options extends LiveOptions, Item>(
    { fromNow = false, ...options }: Options,
    read: (options: Omit<Options, "fromNow">) => AsyncIterable<Item>,
  ): AsyncIterable<Item> {
    // Made in any case, as that is when the options are checked.
    const all = read(options);
    return fromNow ? this.deferred((first) => read({ ...options, first })) : all;
  }

  /** Reads on from the packets that are captured when somebody starts to iterate. */
  private async *deferred<Item>(
    read: (first: number) => AsyncIterable<Item>,
  ): AsyncGenerator<Item, void, undefined> {
    const { packetsWritten } = await this.info();
    yield* read(Number(packetsWritten) + 1);
  }
}
