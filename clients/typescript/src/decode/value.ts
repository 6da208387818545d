// SPDX-License-Identifier: Apache-2.0

import type { FieldDisplay } from "../gen/dissectd/v1/common_pb.js";
import { FieldType } from "../gen/dissectd/v1/common_pb.js";
import { Instant, TimeSpan } from "../time.js";
import { addressText, numericAddressText } from "./address.js";

/**
 * A value of a field.
 *
 * - integers are numbers, and `bigint` only beyond 2^53 - 1
 * - addresses and identifiers are strings as Wireshark writes them: `192.0.2.1`
 * - times are an {@link Instant} or a {@link TimeSpan}
 */
export type FieldValue = number | bigint | boolean | string | Uint8Array | Instant | TimeSpan;

/** What the value of a field depends on. */
export interface ValueType {
  readonly type: FieldType;
  readonly display: FieldDisplay;
}

/** Returns a number if it has room for the integer. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

export function integerValue({ type }: ValueType, value: number | bigint): FieldValue {
  if (type === FieldType.BOOLEAN) return value !== 0 && value !== 0n;
  return numericAddressText(type, value) ?? (typeof value === "bigint" ? narrow(value) : value);
}

export function bytesValue({ type, display }: ValueType, bytes: Uint8Array): FieldValue {
  return addressText(type, display, bytes) ?? bytes;
}

export function timeValue({ type }: ValueType, seconds: bigint, nanos: number): FieldValue {
  return type === FieldType.ABSOLUTE_TIME
    ? new Instant(seconds, nanos)
    : new TimeSpan(seconds, nanos);
}

/** Stands for a type of values: `Number` for numbers, `Instant` for times. */
export type ValueKindToken =
  | NumberConstructor
  | BigIntConstructor
  | StringConstructor
  | BooleanConstructor
  | Uint8ArrayConstructor
  | typeof Instant
  | typeof TimeSpan;

/** The values that a token stands for. */
export type ValueOf<Token> = Token extends NumberConstructor
  ? number
  : Token extends BigIntConstructor
    ? bigint
    : Token extends StringConstructor
      ? string
      : Token extends BooleanConstructor
        ? boolean
        : Token extends Uint8ArrayConstructor
          ? Uint8Array
          : Token extends typeof Instant
            ? Instant
            : TimeSpan;

function kindOf(value: FieldValue): string {
  return typeof value === "object" ? value.constructor.name : typeof value;
}

function is(value: FieldValue, token: ValueKindToken): boolean {
  if (token === Instant || token === TimeSpan || token === Uint8Array) {
    return value instanceof token;
  }
  return typeof value === token.name.toLowerCase();
}

/**
 * Returns a value as the type that a token stands for.
 *
 * @throws TypeError if the field's values are of another type, and RangeError for an
 *   integer that a number has no room for: ask for `BigInt`.
 */
export function valueAs<Token extends ValueKindToken>(
  name: string,
  value: FieldValue,
  token: Token,
): ValueOf<Token> {
  if (is(value, token)) return value as ValueOf<Token>;
  if (token === BigInt && Number.isInteger(value)) return BigInt(value as number) as ValueOf<Token>;
  if (token === Number && typeof value === "bigint") {
    throw new RangeError(`${name} is ${String(value)}, which needs BigInt.`);
  }
  throw new TypeError(`${name} is a ${kindOf(value)}, not a ${token.name}.`);
}
