// SPDX-License-Identifier: Apache-2.0

import { Batch } from "./decode/batch.js";
import { ColumnBatch } from "./decode/columns.js";
import { Frame } from "./decode/frame.js";
import type { BatchDecoder } from "./dissect-stream.js";

/** Decodes batches of the compact form. */
export const decodeFrames: BatchDecoder<Frame> = (bytes, header, fields) => {
  const batch = new Batch(bytes, fields);
  function* items(): Generator<Frame, void, undefined> {
    for (const frame of batch.frames) yield new Frame(frame, batch, header);
  }
  const { length } = batch.frames;
  return { items: items(), frames: length, last: batch.frames.at(-1)?.number ?? 0 };
};

/** Decodes batches of the columnar form. */
export const decodeColumns: BatchDecoder<ColumnBatch> = (bytes, header) => {
  const batch = new ColumnBatch(bytes, header);
  return { items: [batch], frames: batch.rows, last: batch.frameNumbers.at(-1) ?? 0 };
};

/** A frame as an object with the text of each column. */
export type Row<Name extends string> = Record<Name, string>;

/** Returns the frames of a batch as objects. */
export function* rowsOf<Name extends string>(
  batch: ColumnBatch,
  names: readonly Name[],
): Generator<Row<Name>, void, undefined> {
  for (let row = 0; row < batch.rows; ++row) {
    const texts = names.map((name, column) => [name, batch.columns[column]?.text(row) ?? ""]);
    yield Object.fromEntries(texts) as Row<Name>;
  }
}
