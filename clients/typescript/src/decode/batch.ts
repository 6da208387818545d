// SPDX-License-Identifier: Apache-2.0

import { fromBinary } from "@bufbuild/protobuf";
import { type LazyBatch, LazyBatchSchema } from "../gen/dissectd/client/v1/lazy_pb.js";
import type { Field } from "../gen/dissectd/v1/common_pb.js";
import { type NodeTemplate, NodeTemplateSchema } from "../gen/dissectd/v1/dissection_pb.js";
import type { FieldTable } from "./field-table.js";

const utf8 = new TextDecoder();

/** Strings of a batch, each of which is decoded when it is first looked at. */
export class StringList {
  private readonly decoded: (string | undefined)[] = [];

  constructor(private readonly encoded: readonly Uint8Array[]) {}

  at(index: number): string {
    return (this.decoded[index] ??= utf8.decode(this.encoded[index]));
  }
}

/** A template of nodes with its field. */
export interface Template {
  readonly node: NodeTemplate;
  readonly field: Field;
}

/** A batch of frames in the compact form, with the tables that they refer to. */
export class Batch {
  readonly strings: StringList;
  private readonly message: LazyBatch;
  private resolved: readonly Template[] | undefined;
  private readonly indexesByName = new Map<string, ReadonlySet<number>>();

  constructor(
    bytes: Uint8Array,
    private readonly fields: FieldTable,
  ) {
    this.message = fromBinary(LazyBatchSchema, bytes);
    this.message.fields.forEach((definition) => {
      fields.add(definition);
    });
    this.strings = new StringList(this.message.strings);
  }

  get frames(): LazyBatch["frames"] {
    return this.message.frames;
  }

  byteString(index: number): Uint8Array {
    return this.message.byteStrings[index] ?? new Uint8Array();
  }

  get templates(): readonly Template[] {
    return (this.resolved ??= this.message.nodeTemplates.map((bytes) => {
      const node = fromBinary(NodeTemplateSchema, bytes);
      return { node, field: this.fields.get(node.fieldId) };
    }));
  }

  /** Returns which templates are for fields of a name, which several may have. */
  templatesNamed(name: string): ReadonlySet<number> {
    let indexes = this.indexesByName.get(name);
    if (indexes === undefined) {
      const found = new Set<number>();
      this.templates.forEach(({ field }, index) => {
        if (field.name === name) found.add(index);
      });
      this.indexesByName.set(name, (indexes = found));
    }
    return indexes;
  }
}
