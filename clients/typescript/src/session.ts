// SPDX-License-Identifier: Apache-2.0

import { fromBinary } from "@bufbuild/protobuf";
import { Analysis } from "./analysis.js";
import { FieldTable } from "./decode/field-table.js";
import type { Frame } from "./decode/frame.js";
import type { DissectStream } from "./dissect-stream.js";
import { DissectdError, Code } from "./errors.js";
import { decodeFrames } from "./frames.js";
import { CrashSchema, StreamHeaderSchema } from "./gen/dissectd/v1/dissection_pb.js";
import type {
  FindFrameRequest,
  ListFramesResponse,
  Session as SessionMessage,
} from "./gen/dissectd/v1/session_pb.js";
import { checkOptions, type NamesOf } from "./options.js";
import type { Reader, ReadOptions } from "./reader.js";
import {
  analysisSource,
  checkFrameNumber,
  type ColumnChoice,
  columnOf,
  type FrameParts,
  type FrameSelection,
  PART_NAMES,
  rangeOf,
  SELECTION_NAMES,
  viewOf,
} from "./request.js";
import type { Services } from "./services.js";

/** A page of the packet list. */
export interface PageOptions extends Omit<FrameSelection, "limit"> {
  columns?: readonly ColumnChoice[];
  /** The position of the first frame in the list, from 0. */
  position?: number;
  /** The number of frames: 100 by default, and at most 1000. */
  limit?: number;
  /** The column to sort by: its position in the page, from 0. */
  sortBy?: number;
  descending?: boolean;
  colors?: boolean;
}

/** What to find, and where. */
export interface FindOptions {
  /** The frame to search from; it isn't found itself. */
  after?: number;
  backward?: boolean;
  ignoreCase?: boolean;
  /** Only frames that pass this display filter. */
  within?: string;
}

const PAGE_NAMES: NamesOf<PageOptions> = {
  ...SELECTION_NAMES,
  columns: true,
  position: true,
  sortBy: true,
  descending: true,
  colors: true,
};

const FIND_NAMES: NamesOf<FindOptions> = {
  after: true,
  backward: true,
  ignoreCase: true,
  within: true,
};

export type Search = Exclude<FindFrameRequest["search"], { case: undefined }>;

/** A capture that stays open for questions. */
export class Session extends Analysis implements AsyncDisposable {
  /** The resource name, `sessions/{id}`. */
  readonly name: string;

  constructor(
    private readonly api: Services,
    private readonly reader: Reader,
    /** What the session was when it was opened. */
    readonly info: SessionMessage,
  ) {
    super(api, analysisSource(info.name));
    this.name = info.name;
  }

  /** Returns one frame; with its tree unless fields or columns are asked for. */
  async frame(number: number, parts: FrameParts = {}): Promise<Frame> {
    checkFrameNumber(number);
    checkOptions(parts, PART_NAMES);
    const { header, batch, crash } = await this.api.lazySession.getFrame({
      session: this.name,
      frameNumber: number,
      view: viewOf(parts),
    });
    if (crash !== undefined) throw crashError(number, crash);
    const { items } = decodeFrames(batch, fromBinary(StreamHeaderSchema, header), new FieldTable());
    for (const frame of items) return frame;
    throw new Error("The daemon's answer has no frame.");
  }

  /** Returns a page of the packet list. */
  async page(options: PageOptions = {}): Promise<ListFramesResponse> {
    checkOptions(options, PAGE_NAMES);
    return this.api.session.listFrames({
      session: this.name,
      displayFilter: options.filter ?? "",
      ...(options.columns && { columns: { columns: options.columns.map(columnOf) } }),
      firstPosition: options.position ?? 0,
      limit: options.limit ?? 0,
      sortColumn: options.sortBy === undefined ? 0 : options.sortBy + 1,
      descending: options.descending ?? false,
      colors: options.colors ?? false,
      range: rangeOf({ ...options, limit: 0 }),
    });
  }

  /** Streams frames, which needn't be dissected from the beginning of the capture. */
  frames(options: Omit<ReadOptions, "twoPass" | "dissection"> = {}): DissectStream<Frame> {
    return this.reader.frames(this.name, options);
  }

  /** Returns the number of the next frame that matches; undefined if none does. */
  async find(search: Search, options: FindOptions = {}): Promise<number | undefined> {
    checkOptions(options, FIND_NAMES);
    const { frameNumber } = await this.api.session.findFrame({
      session: this.name,
      search,
      afterFrame: options.after ?? 0,
      backward: options.backward ?? false,
      ignoreCase: options.ignoreCase ?? false,
      withinDisplayFilter: options.within ?? "",
    });
    return frameNumber === 0 ? undefined : frameNumber;
  }

  async close(): Promise<void> {
    await this.api.session.closeSession({ name: this.name });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function crashError(number: number, bytes: Uint8Array): DissectdError {
  const { protocol } = fromBinary(CrashSchema, bytes);
  const message = `Frame ${String(number)} crashed the dissector of ${protocol || "a protocol"}.`;
  return new DissectdError({ code: Code.Internal, reason: "WORKER_CRASHED", message });
}
