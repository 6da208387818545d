// SPDX-License-Identifier: Apache-2.0

import { clone, create, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { FieldTable } from "./decode/field-table.js";
import { DissectdError, fileError } from "./errors.js";
import type { LazyResponse } from "./gen/dissectd/client/v1/lazy_pb.js";
import {
  type Crash,
  CrashSchema,
  type DissectRequestSchema,
  EndReason,
  FrameRangeSchema,
  type FramesLost,
  FramesLostSchema,
  type Progress,
  ProgressSchema,
  type StreamEnd,
  StreamEndSchema,
  type StreamHeader,
  StreamHeaderSchema,
  type View,
} from "./gen/dissectd/v1/dissection_pb.js";
import type { NamesOf } from "./options.js";
import { DEFAULT_RETRY_MS, isTransient, Retry } from "./retry.js";

/** What a stream tells besides frames, and when it ends. */
export interface StreamOptions {
  /** Ends the stream. Iterating then throws the signal's reason. */
  signal?: AbortSignal;
  /**
   * The milliseconds for which a stream that breaks off is resumed where it was, after
   * the last thing that arrived; 0: not at all. A minute by default.
   */
  resumeForMs?: number;
  /** Is called with the error before each attempt to resume the stream. */
  onResume?: (error: DissectdError) => void;
  onProgress?: (progress: Progress) => void;
  /** Is called for each frame that is left out as it crashed a dissector. */
  onCrash?: (crash: Crash) => void;
  /** Is called for frames that a capture's ring deleted before they were read. */
  onLost?: (lost: FramesLost) => void;
  /** Ends as usual after the good frames of a damaged file, instead of throwing. */
  allowDamaged?: boolean;
}

export const STREAM_NAMES: NamesOf<StreamOptions> = {
  signal: true,
  resumeForMs: true,
  onResume: true,
  onProgress: true,
  onCrash: true,
  onLost: true,
  allowDamaged: true,
};

export type DissectRequestInit = MessageInitShape<typeof DissectRequestSchema> & { view: View };

/** Calls DissectionService.Dissect. */
export type DissectCall = (
  request: DissectRequestInit,
  signal: AbortSignal,
) => AsyncIterable<LazyResponse>;

/** The frames of a message, in the form that the stream has. */
export interface DecodedBatch<Item> {
  readonly items: Iterable<Item>;
  readonly frames: number;
  /** The number of the last frame. */
  readonly last: number;
}

export type BatchDecoder<Item> = (
  bytes: Uint8Array,
  header: StreamHeader,
  fields: FieldTable,
) => DecodedBatch<Item>;

/** A stream that ends without an `end` was cut off by something in between. */
function cutOff(): DissectdError {
  const message = "The connection was closed in the middle of the stream.";
  return new DissectdError({ code: Code.Unavailable, reason: "", message });
}

/**
 * Frames of a capture as they arrive: iterate it once. A message is asked for only when
 * the frames of the one before are used up, so that a slow reader slows down the daemon
 * instead of filling memory. Leaving the loop ends the call.
 *
 * A stream that breaks off goes on in another call after the last frame that arrived;
 * no frame is missing or comes twice.
 */
export class DissectStream<Item> implements AsyncIterable<Item> {
  /** Information about the capture, once the first frame or the end has arrived. */
  header: StreamHeader | undefined;
  /** The totals, once the stream has ended. */
  end: StreamEnd | undefined;

  private delivered = 0;
  private lastFrame = 0;
  private readonly crashed = new Set<number>();
  private lostUntil = 0;

  constructor(
    private readonly call: DissectCall,
    private readonly request: DissectRequestInit,
    private readonly decode: BatchDecoder<Item>,
    private readonly options: StreamOptions = {},
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    if (this.header !== undefined) throw new Error("The stream was read already.");
    const { signal } = this.options;
    const left = new AbortController();
    const either = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
    const retry = new Retry(this.options.resumeForMs ?? DEFAULT_RETRY_MS);
    try {
      while (this.end === undefined) {
        try {
          yield* this.readCall(either, retry);
        } catch (error) {
          signal?.throwIfAborted();
          await this.prepareToResume(error, retry, either);
        }
      }
    } finally {
      left.abort();
    }
    this.checkEnd(this.end);
  }

  private async prepareToResume(error: unknown, retry: Retry, signal: AbortSignal): Promise<void> {
    const resumable =
      error instanceof DissectdError && this.header !== undefined && isTransient(error);
    if (!resumable) throw error;
    await retry.wait(error, signal);
    this.options.onResume?.(error);
  }

  private checkEnd(end: StreamEnd): void {
    end.framesSent = this.delivered;
    if (end.readError && !this.options.allowDamaged) throw fileError(end.readError);
  }

  private get limit(): number {
    return this.request.view.range?.limit ?? 0;
  }

  /** Returns the request for what hasn't arrived yet. */
  private remaining(): DissectRequestInit {
    const { view } = this.request;
    const range = clone(FrameRangeSchema, view.range ?? create(FrameRangeSchema));
    range.firstFrame = Math.max(range.firstFrame, this.lastFrame + 1);
    if (this.limit > 0) range.limit = this.limit - this.delivered;
    return { ...this.request, view: { ...view, range } };
  }

  private async *readCall(
    signal: AbortSignal,
    retry: Retry,
  ): AsyncGenerator<Item, void, undefined> {
    if (this.limit > 0 && this.delivered >= this.limit) {
      this.end = create(StreamEndSchema, { reason: EndReason.LIMIT });
      return;
    }
    const fields = new FieldTable();
    for await (const { kind } of this.call(this.remaining(), signal)) {
      retry.progress();
      if (kind.case === "batch" || kind.case === "columnBatch") {
        yield* this.take(kind.value, fields);
      } else if (kind.case !== undefined) {
        this.note(kind.case, kind.value);
      }
    }
    if (this.end === undefined) throw cutOff();
  }

  private take(bytes: Uint8Array, fields: FieldTable): Iterable<Item> {
    if (this.header === undefined) throw new Error("The stream has no header.");
    const batch = this.decode(bytes, this.header, fields);
    this.delivered += batch.frames;
    this.lastFrame = Math.max(this.lastFrame, batch.last);
    return batch.items;
  }

  private note(kind: string, bytes: Uint8Array): void {
    switch (kind) {
      case "header":
        this.header = fromBinary(StreamHeaderSchema, bytes);
        break;
      case "progress":
        this.options.onProgress?.(fromBinary(ProgressSchema, bytes));
        break;
      case "crash":
        this.noteCrash(fromBinary(CrashSchema, bytes));
        break;
      case "lost":
        this.noteLost(fromBinary(FramesLostSchema, bytes));
        break;
      case "end":
        this.end = fromBinary(StreamEndSchema, bytes);
        break;
    }
  }

  /** Passes on a crash unless the call before told it already. */
  private noteCrash(crash: Crash): void {
    if (this.crashed.has(crash.frameNumber)) return;
    if (crash.frameNumber > 0) this.crashed.add(crash.frameNumber);
    this.options.onCrash?.(crash);
  }

  private noteLost(lost: FramesLost): void {
    if (lost.lastFrame <= this.lostUntil) return;
    lost.firstFrame = Math.max(lost.firstFrame, this.lostUntil + 1);
    this.lostUntil = lost.lastFrame;
    this.options.onLost?.(lost);
  }
}
