// SPDX-License-Identifier: Apache-2.0

import { fromBinary } from "@bufbuild/protobuf";
import { LazyNodesSchema } from "../gen/dissectd/client/v1/lazy_pb.js";
import type { NodeFlag } from "../gen/dissectd/v1/dissection_pb.js";
import {
  type ExpertGroup,
  LabelForm,
  type Severity,
  ValueKind,
} from "../gen/dissectd/v1/dissection_pb.js";
import type { Field } from "../gen/dissectd/v1/common_pb.js";
import type { Batch, Template } from "./batch.js";
import { derivedLabel } from "./label.js";
import { readDouble, readSint32, readSint64, readUint32, readUint64 } from "./packed.js";
import { bytesValue, type FieldValue, integerValue, timeValue } from "./value.js";

/** Returns the bytes of a frame's data source, counted from 1. */
export type SourceBytes = (sourceNumber: number) => Uint8Array | undefined;

/** The arrays of a list, each decoded when the first node needs it. */
class Arrays {
  private readonly message;

  constructor(bytes: Uint8Array) {
    this.message = fromBinary(LazyNodesSchema, bytes);
  }

  private static once<T>(read: () => T): () => T {
    let value: T | undefined;
    return () => (value ??= read());
  }

  readonly templates = Arrays.once(() => readUint32(this.message.templateIndexes));
  readonly layers = Arrays.once(() => readUint32(this.message.layers));
  readonly labels = Arrays.once(() => readUint32(this.message.labelIndexes));
  readonly uint32 = Arrays.once(() => readUint32(this.message.uint32Values));
  readonly uint64 = Arrays.once(() => readUint64(this.message.uint64Values));
  readonly sint32 = Arrays.once(() => readSint32(this.message.sint32Values));
  readonly sint64 = Arrays.once(() => readSint64(this.message.sint64Values));
  readonly double = Arrays.once(() => readDouble(this.message.doubleValues));
  readonly strings = Arrays.once(() => readUint32(this.message.stringIndexes));
  readonly bytes = Arrays.once(() => readUint32(this.message.byteStringIndexes));
  readonly seconds = Arrays.once(() => readSint64(this.message.timeSeconds));
  readonly nanos = Arrays.once(() => readSint32(this.message.timeNanos));
}

/** Where each node has its parts in the arrays of its list. */
interface Places {
  readonly starts: Int32Array;
  readonly labels: Uint32Array;
  readonly values: Uint32Array;
  readonly layers: Uint32Array;
}

function hasOwnLabel(form: LabelForm): boolean {
  return form === LabelForm.COMPUTED || form === LabelForm.CUSTOM;
}

function missingTemplate(index: number): Error {
  return new Error(`The batch has no node template ${String(index)}.`);
}

function placesOf(
  indexes: Uint32Array,
  templates: readonly Template[],
  layers: Uint32Array,
): Places {
  const count = indexes.length;
  const places = {
    starts: new Int32Array(count),
    labels: new Uint32Array(count),
    values: new Uint32Array(count),
    layers: layers.length === count ? layers : new Uint32Array(count),
  };
  const isTree = layers.length !== count;
  const used = new Uint32Array(ValueKind.SOURCE_BYTES + 1);
  let start = 0;
  let label = 0;
  let layer = 0;
  indexes.forEach((index, place) => {
    const template = templates[index];
    if (template === undefined) throw missingTemplate(index);
    const { node, field } = template;
    places.starts[place] = start += node.startChange;
    places.labels[place] = label;
    if (hasOwnLabel(node.labelForm)) ++label;
    const value = used[node.valueKind] ?? 0;
    places.values[place] = value;
    used[node.valueKind] = value + 1;
    if (!isTree) return;
    // The first layer is that of the protocol `frame`, also if there is none.
    if (node.depth === 0) layer = layer === 0 && field.name !== "frame" ? 2 : layer + 1;
    places.layers[place] = layer;
  });
  return places;
}

/**
 * A node of a protocol tree, or an occurrence of a field. It refers to its list, and
 * decodes what is asked of it.
 */
export class Node {
  constructor(
    private readonly list: NodeList,
    private readonly template: Template,
    private readonly place: number,
  ) {}

  /** The field or protocol. */
  get field(): Field {
    return this.template.field;
  }

  /** The name in display filters, for example `ip.src`. */
  get name(): string {
    return this.template.field.name;
  }

  /** The depth in the tree, from 0. */
  get depth(): number {
    return this.template.node.depth;
  }

  /** The number of its top node, from 1, which tells apart two requests in a frame. */
  get layer(): number {
    return this.list.layerAt(this.place);
  }

  /** The value; undefined for protocols and other fields without one. */
  get value(): FieldValue | undefined {
    return this.list.valueAt(this.place, this.template);
  }

  /**
   * The text that Wireshark shows, without the brackets around generated nodes;
   * undefined if labels weren't requested.
   */
  get label(): string | undefined {
    return this.list.labelAt(this.place, this.template);
  }

  /** The offset of its first byte in its data source. */
  get start(): number {
    return this.list.startAt(this.place);
  }

  /** The number of its bytes, which may reach beyond the captured ones. */
  get length(): number {
    return this.template.node.length;
  }

  /** The data source of its bytes, from 1; 0 if there is none. */
  get sourceNumber(): number {
    return this.template.node.sourceNumber;
  }

  get severity(): Severity {
    return this.template.node.severity;
  }

  get expertGroup(): ExpertGroup {
    return this.template.node.expertGroup;
  }

  /** Returns whether the node has a property. */
  is(flag: NodeFlag): boolean {
    return (this.template.node.flags & flag) !== 0;
  }

  /** The nodes below it, one level down. */
  get children(): Node[] {
    return this.list.childrenOf(this.place, this.depth);
  }
}

/** Nodes in pre-order: the children of a node follow it, one level deeper. */
export class NodeList implements Iterable<Node> {
  private readonly arrays: Arrays;
  private cachedPlaces: Places | undefined;

  constructor(
    bytes: Uint8Array,
    private readonly batch: Batch,
    private readonly sourceBytes: SourceBytes,
  ) {
    this.arrays = new Arrays(bytes);
  }

  get length(): number {
    return this.arrays.templates().length;
  }

  *[Symbol.iterator](): Generator<Node, void, undefined> {
    for (let place = 0; place < this.length; ++place) yield this.nodeAt(place);
  }

  /** The top nodes of a tree: the protocols of the frame. */
  get roots(): Node[] {
    return this.childrenOf(-1, -1);
  }

  /** Returns the first node of a name. */
  first(name: string): Node | undefined {
    const wanted = this.batch.templatesNamed(name);
    if (wanted.size === 0) return undefined;
    const place = this.arrays.templates().findIndex((index) => wanted.has(index));
    return place < 0 ? undefined : this.nodeAt(place);
  }

  /** Returns all nodes of a name, in the order of the tree. */
  all(name: string): Node[] {
    const wanted = this.batch.templatesNamed(name);
    const found: Node[] = [];
    if (wanted.size === 0) return found;
    this.arrays.templates().forEach((index, place) => {
      if (wanted.has(index)) found.push(this.nodeAt(place));
    });
    return found;
  }

  /** Returns the labels, two spaces further to the right with each level. */
  toString(): string {
    return Array.from(this, (node) => "  ".repeat(node.depth) + (node.label ?? node.name)).join(
      "\n",
    );
  }

  private get places(): Places {
    return (this.cachedPlaces ??= placesOf(
      this.arrays.templates(),
      this.batch.templates,
      this.arrays.layers(),
    ));
  }

  private templateAt(place: number): Template {
    const index = this.arrays.templates()[place] ?? 0;
    const template = this.batch.templates[index];
    if (template === undefined) throw missingTemplate(index);
    return template;
  }

  private nodeAt(place: number): Node {
    return new Node(this, this.templateAt(place), place);
  }

  /** @internal */
  childrenOf(parent: number, depth: number): Node[] {
    const children: Node[] = [];
    for (let place = parent + 1; place < this.length; ++place) {
      const below = this.templateAt(place).node.depth - depth;
      if (below <= 0) break;
      if (below === 1) children.push(this.nodeAt(place));
    }
    return children;
  }

  /** @internal */
  startAt(place: number): number {
    return this.places.starts[place] ?? 0;
  }

  /** @internal */
  layerAt(place: number): number {
    return this.places.layers[place] ?? 0;
  }

  /** @internal */
  labelAt(place: number, { node, field }: Template): string | undefined {
    const { strings } = this.batch;
    if (hasOwnLabel(node.labelForm)) {
      return strings.at(this.arrays.labels()[this.places.labels[place] ?? 0] ?? 0);
    }
    if (node.labelForm !== LabelForm.DERIVED) return undefined;
    return derivedLabel(
      field,
      this.valueAt(place, { node, field }),
      strings.at(node.labelSuffixIndex),
    );
  }

  /** @internal */
  valueAt(place: number, { node, field }: Template): FieldValue | undefined {
    const at = this.places.values[place] ?? 0;
    const { arrays, batch } = this;
    switch (node.valueKind) {
      case ValueKind.UINT32:
        return integerValue(field, arrays.uint32()[at] ?? 0);
      case ValueKind.UINT64:
        return integerValue(field, arrays.uint64()[at] ?? 0n);
      case ValueKind.SINT32:
        return arrays.sint32()[at];
      case ValueKind.SINT64:
        return integerValue(field, arrays.sint64()[at] ?? 0n);
      case ValueKind.DOUBLE:
        return arrays.double()[at];
      case ValueKind.STRING:
        return batch.strings.at(arrays.strings()[at] ?? 0);
      case ValueKind.BYTES:
        return bytesValue(field, batch.byteString(arrays.bytes()[at] ?? 0));
      case ValueKind.TIME:
        return timeValue(field, arrays.seconds()[at] ?? 0n, arrays.nanos()[at] ?? 0);
      case ValueKind.SOURCE_BYTES:
        return bytesValue(field, this.ownBytes(place, node.sourceNumber, node.length));
      default:
        return undefined;
    }
  }

  private ownBytes(place: number, sourceNumber: number, length: number): Uint8Array {
    const start = this.startAt(place);
    return this.sourceBytes(sourceNumber)?.subarray(start, start + length) ?? new Uint8Array();
  }
}
