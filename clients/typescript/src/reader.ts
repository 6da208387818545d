// SPDX-License-Identifier: Apache-2.0

import type { ColumnBatch } from "./decode/columns.js";
import type { Frame } from "./decode/frame.js";
import {
  type DissectCall,
  DissectStream,
  STREAM_NAMES,
  type StreamOptions,
} from "./dissect-stream.js";
import { decodeColumns, decodeFrames, type Row, rowsOf } from "./frames.js";
import { Form } from "./gen/dissectd/v1/dissection_pb.js";
import { checkOptions, type NamesOf } from "./options.js";
import {
  type ColumnName,
  type Dissection,
  dissectionOf,
  dissectSource,
  type FrameParts,
  type FrameSelection,
  PART_NAMES,
  SOURCE_NAMES,
  type Source,
  viewOf,
} from "./request.js";
import type { Services } from "./services.js";

export interface TableOptions extends FrameSelection, Dissection, StreamOptions {}
export interface ReadOptions extends TableOptions, FrameParts {}

const TABLE_NAMES: NamesOf<TableOptions> = { ...SOURCE_NAMES, ...STREAM_NAMES };
const READ_NAMES: NamesOf<ReadOptions> = { ...TABLE_NAMES, ...PART_NAMES };

async function* rowsOfAll<Name extends ColumnName>(
  batches: AsyncIterable<ColumnBatch>,
  names: readonly Name[],
): AsyncGenerator<Row<Name>, void, undefined> {
  for await (const batch of batches) yield* rowsOf(batch, names);
}

/** Reads frames of files, captures and sessions in their forms. */
export class Reader {
  private readonly call: DissectCall;

  constructor(services: Services) {
    this.call = (request, signal): ReturnType<DissectCall> =>
      services.lazyDissection.dissect(request, { signal });
  }

  frames(source: Source, options: ReadOptions): DissectStream<Frame> {
    checkOptions(options, READ_NAMES);
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
    checkOptions(options, { ...TABLE_NAMES, columns: true });
    const view = viewOf({ ...options, fields }, Form.COLUMNAR);
    const request = { source: dissectSource(source), view, ...dissectionOf(options) };
    return new DissectStream(this.call, request, decodeColumns, options);
  }

  rows<Name extends ColumnName>(
    source: Source,
    names: readonly Name[],
    options: TableOptions,
  ): AsyncGenerator<Row<Name>, void, undefined> {
    checkOptions(options, TABLE_NAMES);
    return rowsOfAll(this.fields(source, [], { ...options, columns: names }), names);
  }
}
