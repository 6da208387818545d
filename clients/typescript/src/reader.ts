// SPDX-License-Identifier: Apache-2.0

import type { ColumnBatch } from "./decode/columns.js";
import type { Frame } from "./decode/frame.js";
import { type DissectCall, DissectStream, type StreamOptions } from "./dissect-stream.js";
import { decodeColumns, decodeFrames, type Row, rowsOf } from "./frames.js";
import { Form } from "./gen/dissectd/v1/dissection_pb.js";
import {
  type ColumnName,
  type Dissection,
  dissectionOf,
  dissectSource,
  type FrameParts,
  type FrameSelection,
  type Source,
  viewOf,
} from "./request.js";
import type { Services } from "./services.js";

export interface TableOptions extends FrameSelection, Dissection, StreamOptions {}
export interface ReadOptions extends TableOptions, FrameParts {}

/** Reads frames of files, captures and sessions in their forms. */
export class Reader {
  private readonly call: DissectCall;

  constructor(services: Services) {
    this.call = (request, signal): ReturnType<DissectCall> =>
      services.lazyDissection.dissect(request, { signal });
  }

  frames(source: Source, options: ReadOptions): DissectStream<Frame> {
    const request = {
      source: dissectSource(source),
      view: viewOf(options),
      ...dissectionOf(options),
    };
    return new DissectStream(this.call, request, decodeFrames, options);
  }

  fields(
    source: Source,
    fields: readonly string[],
    options: TableOptions & Pick<FrameParts, "columns">,
  ): DissectStream<ColumnBatch> {
    const view = viewOf({ ...options, fields }, Form.COLUMNAR);
    const request = { source: dissectSource(source), view, ...dissectionOf(options) };
    return new DissectStream(this.call, request, decodeColumns, options);
  }

  async *rows<Name extends ColumnName>(
    source: Source,
    names: readonly Name[],
    options: TableOptions,
  ): AsyncGenerator<Row<Name>, void, undefined> {
    const batches = this.fields(source, [], { ...options, columns: names });
    for await (const batch of batches) yield* rowsOf(batch, names);
  }
}
