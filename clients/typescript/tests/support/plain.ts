// SPDX-License-Identifier: Apache-2.0

// Writes decoded frames as the daemon's plain form has them, to compare the two.
import { create } from "@bufbuild/protobuf";
import { DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import {
  FieldType,
  NodeFlag,
  type PlainFrame,
  PlainFrameSchema,
  type PlainNode,
  PlainNodeSchema,
} from "../../src/api.js";
import { type FieldValue, type Frame, Instant, type Node, TimeSpan } from "../../src/index.js";

const MAX_DURATION_SECONDS = 315_576_000_000n;
const FIRST_SECOND = -62_135_596_800n;
const LAST_SECOND = 253_402_300_799n;
const NANOS_PER_SECOND = 1_000_000_000n;

const ADDRESSES = new Set([
  FieldType.IPV4,
  FieldType.IPV6,
  FieldType.ETHER,
  FieldType.IPXNET,
  FieldType.EUI64,
  FieldType.GUID,
  FieldType.OID,
  FieldType.REL_OID,
  FieldType.AX25,
  FieldType.VINES,
  FieldType.SYSTEM_ID,
  FieldType.FCWWN,
]);

const SIGNED = new Set([
  FieldType.INT8,
  FieldType.INT16,
  FieldType.INT24,
  FieldType.INT32,
  FieldType.INT40,
  FieldType.INT48,
  FieldType.INT56,
  FieldType.INT64,
]);

const FLOATING = new Set([FieldType.FLOAT, FieldType.DOUBLE]);

type PlainValue = PlainNode["value"];
const NONE: PlainValue = { case: undefined };

/** Returns a timestamp, whose nanoseconds are never negative. */
function timestamp({ wholeSeconds, nanos }: Instant): PlainFrame["time"] {
  const borrow = nanos < 0 ? 1n : 0n;
  const seconds = wholeSeconds - borrow;
  if (Math.abs(nanos) >= 1e9 || seconds < FIRST_SECOND || wholeSeconds > LAST_SECOND) {
    return undefined;
  }
  return create(TimestampSchema, { seconds, nanos: nanos + Number(borrow * NANOS_PER_SECOND) });
}

/** Returns a duration, whose parts have the same sign. */
function duration(span: TimeSpan): PlainValue {
  const total = span.nanoseconds;
  const size = span.wholeSeconds < 0n ? -span.wholeSeconds : span.wholeSeconds;
  if (Math.abs(span.nanos) >= 1e9 || size > MAX_DURATION_SECONDS) return NONE;
  const seconds = total / NANOS_PER_SECOND;
  const nanos = Number(total % NANOS_PER_SECOND);
  return { case: "durationValue", value: create(DurationSchema, { seconds, nanos }) };
}

function integer(type: FieldType, value: number | bigint): PlainValue {
  const big = BigInt(value);
  if (SIGNED.has(type)) {
    const narrow = big === BigInt.asIntN(32, big);
    return narrow
      ? { case: "sint32Value", value: Number(big) }
      : { case: "sint64Value", value: big };
  }
  return big === BigInt.asUintN(32, big)
    ? { case: "uint32Value", value: Number(big) }
    : { case: "uint64Value", value: big };
}

function plainValue(type: FieldType, value: FieldValue | undefined): PlainValue {
  if (value === undefined) return NONE;
  if (typeof value === "boolean") return { case: "boolValue", value };
  if (typeof value === "number" && FLOATING.has(type)) return { case: "doubleValue", value };
  if (typeof value === "number" || typeof value === "bigint") return integer(type, value);
  if (typeof value === "string") {
    return { case: ADDRESSES.has(type) ? "addressValue" : "stringValue", value };
  }
  if (value instanceof TimeSpan) return duration(value);
  if (value instanceof Instant) {
    const time = timestamp(value);
    return time === undefined ? NONE : { case: "timeValue", value: time };
  }
  return { case: "bytesValue", value };
}

function plainNode(node: Node): PlainNode {
  return create(PlainNodeSchema, {
    name: node.name,
    depth: node.depth,
    layer: node.layer,
    ...(node.label !== undefined && { label: node.label }),
    value: plainValue(node.field.type, node.value),
    sourceNumber: node.sourceNumber,
    start: node.start,
    length: node.length,
    severity: node.severity,
    expertGroup: node.expertGroup,
    hidden: node.is(NodeFlag.HIDDEN),
    generated: node.is(NodeFlag.GENERATED),
    childrenOmitted: node.is(NodeFlag.CHILDREN_OMITTED),
    valueCut: node.is(NodeFlag.VALUE_CUT),
  });
}

/** Returns a decoded frame in the plain form. */
export function plainFrame(frame: Frame): PlainFrame {
  const time = frame.time && timestamp(frame.time);
  return create(PlainFrameSchema, {
    number: frame.number,
    ...(time && { time }),
    capturedLength: frame.capturedLength,
    originalLength: frame.originalLength,
    columns: [...frame.columns],
    fields: Array.from(frame.fields, plainNode),
    tree: Array.from(frame.tree, plainNode),
    sources: frame.sources.map((source) => ({ ...source })),
    coloringRule: frame.coloringRuleNumber,
  });
}
