// SPDX-License-Identifier: Apache-2.0

import { readdirSync, readFileSync } from "node:fs";
import { create, toJson } from "@bufbuild/protobuf";
import { base64Encode, sizeDelimitedDecodeStream } from "@bufbuild/protobuf/wire";
import { describe, expect, test } from "vitest";
import { FieldType, PlainFrameSchema, ViewSchema } from "../src/api.js";
import { type DissectCall, DissectStream } from "../src/dissect-stream.js";
import { decodeColumns, decodeFrames } from "../src/frames.js";
import { LazyResponseSchema } from "../src/gen/dissectd/client/v1/lazy_pb.js";
import {
  type ColumnBatch,
  type FieldColumn,
  type FieldValue,
  Instant,
  TimeSpan,
} from "../src/index.js";
import { plainFrame } from "./support/plain.js";

const folder = new URL("../../conformance/vectors/", import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".stream"))
  .map((name) => name.replace(".stream", ""));

/** Returns a call that answers with a recorded stream. */
function recorded(name: string): DissectCall {
  const bytes = readFileSync(new URL(`${name}.stream`, folder));
  async function* whole(): AsyncGenerator<Uint8Array, void, undefined> {
    yield await Promise.resolve(bytes);
  }
  return () => sizeDelimitedDecodeStream(LazyResponseSchema, whole());
}

function expected(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
}

const request = { view: create(ViewSchema) };
const options = { allowDamaged: true };

function isNarrow(value: number | bigint): boolean {
  return value >= -(2 ** 31) && value < 2 ** 32;
}

function jsonNumber(type: FieldType, value: number): number | string {
  const isFloating = type === FieldType.FLOAT || type === FieldType.DOUBLE;
  if (isFloating) return Number.isFinite(value) ? value : String(value);
  return isNarrow(value) ? value : String(value);
}

function jsonValue(type: FieldType, value: FieldValue): unknown {
  if (typeof value === "number") return jsonNumber(type, value);
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return base64Encode(value);
  if (value instanceof Instant) return String(value.epochNanoseconds);
  if (value instanceof TimeSpan) return String(value.nanoseconds);
  return value;
}

/** Returns the values of a row; nulls for the occurrences of a field without values. */
function jsonRow(field: FieldColumn, row: number): unknown[] {
  const values = field.all(row).map((value) => jsonValue(field.type, value));
  return values.length > 0 ? values : Array<null>(field.count(row)).fill(null);
}

interface JsonField {
  name: string;
  values: unknown[][];
  truncated: number[];
}

/** Appends the rows of a batch to the fields of the batches before it. */
function addFields(fields: JsonField[], batch: ColumnBatch): void {
  batch.fields.forEach((field, index) => {
    const all = (fields[index] ??= { name: field.name, values: [], truncated: [] });
    const before = all.values.flat().length;
    all.truncated.push(...Array.from(field.truncated, (place) => place + before));
    for (let row = 0; row < batch.rows; ++row) all.values.push(jsonRow(field, row));
  });
}

function addColumns(columns: string[][], batch: ColumnBatch): void {
  batch.columns.forEach((column, index) => {
    const texts = (columns[index] ??= []);
    for (let row = 0; row < batch.rows; ++row) texts.push(column.text(row));
  });
}

describe("conformance vectors", () => {
  test("exist", () => {
    expect(names.length).toBeGreaterThan(10);
  });

  test.each(names.filter((name) => !name.startsWith("columnar-")))("%s", async (name) => {
    const frames: unknown[] = [];
    for await (const frame of new DissectStream(recorded(name), request, decodeFrames, options)) {
      frames.push(toJson(PlainFrameSchema, plainFrame(frame)));
    }
    expect(frames).toEqual(expected(name));
  });

  test.each(names.filter((name) => name.startsWith("columnar-")))("%s", async (name) => {
    const result = { frames: [] as number[], fields: [] as JsonField[], columns: [] as string[][] };
    for await (const batch of new DissectStream(recorded(name), request, decodeColumns, options)) {
      result.frames.push(...batch.frameNumbers);
      addFields(result.fields, batch);
      addColumns(result.columns, batch);
    }
    expect(result).toEqual(expected(name));
  });
});
