// SPDX-License-Identifier: Apache-2.0

import { fromBinary } from "@bufbuild/protobuf";
import { LazyColumnBatchSchema, type LazyFieldColumn } from "../gen/dissectd/client/v1/lazy_pb.js";
import type { FieldType } from "../gen/dissectd/v1/common_pb.js";
import { FieldDisplay } from "../gen/dissectd/v1/common_pb.js";
import { ColumnValueKind, type StreamHeader } from "../gen/dissectd/v1/dissection_pb.js";
import { StringList } from "./batch.js";
import { readDouble, readSint32, readSint64, readUint32, readUint64 } from "./packed.js";
import { bytesValue, type FieldValue, integerValue, timeValue } from "./value.js";

const NANOS_PER_SECOND = 1_000_000_000n;

/** Numbers of a field, one after the other. */
export type NumberArray = Uint32Array | BigUint64Array | Int32Array | BigInt64Array | Float64Array;

function readNumbers(message: LazyFieldColumn): NumberArray {
  switch (message.valueKind as ColumnValueKind) {
    case ColumnValueKind.UINT32:
      return readUint32(message.uint32Values);
    case ColumnValueKind.UINT64:
      return readUint64(message.uint64Values);
    case ColumnValueKind.SINT32:
      return readSint32(message.sint32Values);
    case ColumnValueKind.SINT64:
    case ColumnValueKind.NANOSECONDS:
      return readSint64(message.sint64Values);
    case ColumnValueKind.DOUBLE:
      return readDouble(message.doubleValues);
    case ColumnValueKind.STRING:
      return readUint32(message.stringIndexes);
    default:
      return new Uint32Array();
  }
}

/** Returns the sums of the numbers before each place, and of all at the end. */
function offsetsOf(counts: Uint32Array): Uint32Array {
  const offsets = new Uint32Array(counts.length + 1);
  let sum = 0;
  counts.forEach((count, index) => {
    offsets[index + 1] = sum += count;
  });
  return offsets;
}

/** The values of one field in all frames of a batch. */
export class FieldColumn {
  readonly name: string;
  readonly type: FieldType;
  readonly valueKind: ColumnValueKind;
  private cachedNumbers: NumberArray | undefined;
  private cachedOffsets: Uint32Array | undefined;
  private cachedByteOffsets: Uint32Array | undefined;

  constructor(
    private readonly message: LazyFieldColumn,
    private readonly rows: number,
    private readonly strings: StringList,
  ) {
    this.name = message.name;
    this.type = message.type;
    this.valueKind = message.valueKind;
  }

  /**
   * The values of all frames, one after the other: numbers, nanoseconds of times, or
   * indexes into the strings of the batch. Empty for bytes, addresses and protocols.
   */
  get values(): NumberArray {
    return (this.cachedNumbers ??= readNumbers(this.message));
  }

  /**
   * Where the values of each row begin: those of row `i` are `values[offsets[i]]` to
   * before `values[offsets[i + 1]]`.
   */
  get offsets(): Uint32Array {
    return (this.cachedOffsets ??= offsetsOf(
      this.message.counts.length > 0
        ? readUint32(this.message.counts)
        : new Uint32Array(this.rows).fill(1),
    ));
  }

  /** The bytes of all values of a field of bytes or addresses, one after the other. */
  get byteData(): Uint8Array {
    return this.message.byteData;
  }

  /** Where each value begins in `byteData`. */
  get byteOffsets(): Uint32Array {
    return (this.cachedByteOffsets ??= offsetsOf(this.byteLengths()));
  }

  /** The values that were cut to the limit of the view. */
  get truncated(): Uint32Array {
    return readUint32(this.message.truncatedIndexes);
  }

  /** Returns the number of occurrences in a row. */
  count(row: number): number {
    return (this.offsets[row + 1] ?? 0) - (this.offsets[row] ?? 0);
  }

  /** Returns the first value of a row, typed as the values of frames are. */
  value(row: number): FieldValue | undefined {
    return this.count(row) > 0 ? this.valueAt(this.offsets[row] ?? 0) : undefined;
  }

  /** Returns all values of a row; none for protocols, which have only a count. */
  all(row: number): FieldValue[] {
    const values: FieldValue[] = [];
    for (let at = this.offsets[row] ?? 0; at < (this.offsets[row + 1] ?? 0); ++at) {
      const value = this.valueAt(at);
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  private byteLengths(): Uint32Array {
    const { byteData, byteLengths, byteWidth } = this.message;
    if (byteLengths.length > 0) return readUint32(byteLengths);
    const count = byteWidth > 0 ? byteData.length / byteWidth : (this.offsets.at(-1) ?? 0);
    return new Uint32Array(count).fill(byteWidth);
  }

  private valueAt(at: number): FieldValue | undefined {
    const field = { type: this.type, display: FieldDisplay.UNSPECIFIED };
    if (this.valueKind === ColumnValueKind.BYTES) {
      const bytes = this.byteData.subarray(this.byteOffsets[at], this.byteOffsets[at + 1]);
      return bytesValue(field, bytes);
    }
    const number = this.values[at];
    if (number === undefined) return undefined;
    switch (this.valueKind) {
      case ColumnValueKind.STRING:
        return this.strings.at(Number(number));
      case ColumnValueKind.NANOSECONDS: {
        const nanos = BigInt(number);
        return timeValue(field, nanos / NANOS_PER_SECOND, Number(nanos % NANOS_PER_SECOND));
      }
      case ColumnValueKind.DOUBLE:
        return number;
      default:
        return integerValue(field, number);
    }
  }
}

/** The texts of one column in all frames of a batch. */
export class TextColumn {
  constructor(
    readonly title: string,
    /** The text of each row, as an index into the strings of the batch. */
    readonly indexes: Uint32Array,
    private readonly strings: StringList,
  ) {}

  text(row: number): string {
    return this.strings.at(this.indexes[row] ?? 0);
  }
}

/** Frames as columns: an array for each field and column. */
export class ColumnBatch {
  /** The number of each frame in the capture. */
  readonly frameNumbers: Uint32Array;
  readonly fields: readonly FieldColumn[];
  readonly columns: readonly TextColumn[];
  /** The strings that text columns and fields of strings have indexes into. */
  readonly strings: StringList;

  constructor(bytes: Uint8Array, header: StreamHeader) {
    const message = fromBinary(LazyColumnBatchSchema, bytes);
    const strings = new StringList(message.strings);
    this.strings = strings;
    this.frameNumbers = readUint32(message.frameNumbers);
    this.fields = message.fields.map((field) => new FieldColumn(field, this.rows, strings));
    this.columns = message.columns.map(({ stringIndexes }, index) => {
      const title = header.columns[index]?.title ?? "";
      return new TextColumn(title, readUint32(stringIndexes), strings);
    });
  }

  /** The number of frames. */
  get rows(): number {
    return this.frameNumbers.length;
  }

  /** Returns the values of a field that was requested. */
  field(name: string): FieldColumn {
    const field = this.fields.find((column) => column.name === name);
    if (field === undefined) throw new RangeError(`The field ${name} was not requested.`);
    return field;
  }
}
