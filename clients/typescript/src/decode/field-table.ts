// SPDX-License-Identifier: Apache-2.0

import { fromBinary } from "@bufbuild/protobuf";
import type { Field } from "../gen/dissectd/v1/common_pb.js";
import { FieldDefinitionSchema } from "../gen/dissectd/v1/dissection_pb.js";

/** The fields of one stream by their ids, which are sent with their first use. */
export class FieldTable {
  private readonly fields = new Map<number, Field>();

  add(definition: Uint8Array): void {
    const { id, field } = fromBinary(FieldDefinitionSchema, definition);
    if (field !== undefined) this.fields.set(id, field);
  }

  get(id: number): Field {
    const field = this.fields.get(id);
    if (field === undefined) throw new Error(`The stream doesn't define field ${String(id)}.`);
    return field;
  }
}
