// SPDX-License-Identifier: Apache-2.0

import { fromBinary } from "@bufbuild/protobuf";
import type { LazyFrame } from "../gen/dissectd/client/v1/lazy_pb.js";
import { TimeValueSchema } from "../gen/dissectd/v1/common_pb.js";
import {
  type ColoringRule,
  DataSourceSchema,
  type StreamHeader,
} from "../gen/dissectd/v1/dissection_pb.js";
import { Instant } from "../time.js";
import type { Batch } from "./batch.js";
import { type Node, NodeList } from "./nodes.js";
import { readUint32 } from "./packed.js";
import { type FieldValue, valueAs, type ValueKindToken, type ValueOf } from "./value.js";

/**
 * A run of bytes in which nodes have positions: the frame itself, or bytes that were
 * reassembled, decompressed or decrypted.
 */
export interface DataSource {
  /** The description, for example `Frame (60 bytes)`. */
  readonly name: string;
  /** Its bytes, if they were requested. */
  readonly data: Uint8Array;
  /** The number of its captured bytes, even if they aren't sent. */
  readonly length: number;
}

/**
 * A dissected frame. Its parts are decoded when they are first looked at; which ones
 * there are depends on what was requested.
 */
export class Frame {
  private cachedTime: Instant | undefined;
  private cachedColumns: readonly string[] | undefined;
  private cachedFields: NodeList | undefined;
  private cachedTree: NodeList | undefined;
  private cachedSources: readonly DataSource[] | undefined;

  constructor(
    private readonly message: LazyFrame,
    private readonly batch: Batch,
    private readonly header: StreamHeader,
  ) {}

  /** Its number in the capture, from 1. */
  get number(): number {
    return this.message.number;
  }

  /** The number of its captured bytes. */
  get capturedLength(): number {
    return this.message.capturedLength;
  }

  /** The number of its bytes on the wire. */
  get originalLength(): number {
    return this.message.originalLength;
  }

  /** When it was captured; undefined if the capture doesn't say. */
  get time(): Instant | undefined {
    if (this.message.time === undefined) return undefined;
    if (this.cachedTime === undefined) {
      const { seconds, nanos } = fromBinary(TimeValueSchema, this.message.time);
      this.cachedTime = new Instant(seconds, nanos);
    }
    return this.cachedTime;
  }

  /** The colouring rule that it matches. */
  get coloringRule(): ColoringRule | undefined {
    return this.header.coloringRules[this.message.coloringRule - 1];
  }

  /** The number of that rule in the stream's header, from 1; 0 if there is none. */
  get coloringRuleNumber(): number {
    return this.message.coloringRule;
  }

  /** The texts of the columns, in the order in which they were requested. */
  get columns(): readonly string[] {
    return (this.cachedColumns ??= Array.from(readUint32(this.message.columnIndexes), (index) =>
      this.batch.strings.at(index),
    ));
  }

  /** Returns the text of the column with a title, such as `Protocol`. */
  column(title: string): string | undefined {
    return this.columns[this.header.columns.findIndex((column) => column.title === title)];
  }

  /** All occurrences of the fields that were requested. */
  get fields(): NodeList {
    return (this.cachedFields ??= this.nodes(this.message.fields));
  }

  /** The protocol tree, if it was requested. */
  get tree(): NodeList {
    return (this.cachedTree ??= this.nodes(this.message.tree));
  }

  /** The data sources, if a tree or bytes were requested; the first is the frame. */
  get sources(): readonly DataSource[] {
    return (this.cachedSources ??= this.message.sources.map((bytes) => {
      const { nameIndex, data, length } = fromBinary(DataSourceSchema, bytes);
      return { name: this.batch.strings.at(nameIndex), data, length };
    }));
  }

  /** The bytes of the frame, if they were requested. */
  get bytes(): Uint8Array | undefined {
    return this.sources[0]?.data;
  }

  /** Returns whether a field or protocol that was requested occurs. */
  has(name: string): boolean {
    return this.node(name) !== undefined;
  }

  /**
   * Returns the value of the first occurrence of a field; undefined if there is none in
   * what was requested: the frame's tree, or the `fields` that were named.
   * With a type, such as `Number` or `String`, the value has that type:
   *
   *     const port = frame.get("tcp.srcport", Number);
   *
   * @throws TypeError if the field's values have another type.
   */
  get(name: string): FieldValue | undefined;
  get<Type extends ValueKindToken>(name: string, type: Type): ValueOf<Type> | undefined;
  get<Type extends ValueKindToken>(name: string, type?: Type): FieldValue | undefined {
    const value = this.node(name)?.value;
    return type === undefined || value === undefined ? value : valueAs(name, value, type);
  }

  /** Returns the values of all occurrences of a field, in the order of the tree. */
  all(name: string): FieldValue[];
  all<Type extends ValueKindToken>(name: string, type: Type): ValueOf<Type>[];
  all<Type extends ValueKindToken>(name: string, type?: Type): FieldValue[] {
    const values = this.occurrences(name).flatMap(({ value }) =>
      value === undefined ? [] : [value],
    );
    return type === undefined ? values : values.map((value) => valueAs(name, value, type));
  }

  /** Returns the first node of a field or protocol. */
  node(name: string): Node | undefined {
    return this.fields.first(name) ?? this.tree.first(name);
  }

  /** Returns all nodes of a field or protocol. */
  occurrences(name: string): Node[] {
    const nodes = this.fields.all(name);
    return nodes.length > 0 ? nodes : this.tree.all(name);
  }

  /** Returns the tree as text, or the columns if no tree was requested. */
  toString(): string {
    return this.tree.length > 0 ? this.tree.toString() : this.columns.join(" ");
  }

  private nodes(bytes: Uint8Array): NodeList {
    return new NodeList(bytes, this.batch, (number) => this.sources[number - 1]?.data);
  }
}
