// SPDX-License-Identifier: Apache-2.0

// Packed arrays of protobuf as typed arrays.

function countVarints(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) ++count;
  return count;
}

/** Returns the numbers of `repeated uint32`. */
export function readUint32(bytes: Uint8Array): Uint32Array {
  // Most arrays have small numbers only, each in one byte.
  const values = new Uint32Array(countVarints(bytes));
  if (values.length === bytes.length) {
    values.set(bytes);
    return values;
  }
  let index = 0;
  let value = 0;
  let shift = 0;
  for (const byte of bytes) {
    value |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte >= 0x80) continue;
    values[index++] = value;
    value = shift = 0;
  }
  return values;
}

/** Returns the numbers of `repeated sint32`. */
export function readSint32(bytes: Uint8Array): Int32Array {
  const encoded = readUint32(bytes);
  const values = new Int32Array(encoded.length);
  encoded.forEach((value, index) => {
    values[index] = (value >>> 1) ^ -(value & 1);
  });
  return values;
}

/** Returns the numbers of `repeated uint64`. */
export function readUint64(bytes: Uint8Array): BigUint64Array {
  const values = new BigUint64Array(countVarints(bytes));
  // The halves of the numbers, as platforms that run JavaScript have them.
  const halves = new Uint32Array(values.buffer);
  let index = 0;
  let low = 0;
  let high = 0;
  let shift = 0;
  for (const byte of bytes) {
    const bits = byte & 0x7f;
    if (shift < 32) low |= bits << shift;
    if (shift > 24) high |= shift < 32 ? bits >>> (32 - shift) : bits << (shift - 32);
    shift += 7;
    if (byte >= 0x80) continue;
    halves[index++] = low;
    halves[index++] = high;
    low = high = shift = 0;
  }
  return values;
}

/** Returns the numbers of `repeated sint64`. */
export function readSint64(bytes: Uint8Array): BigInt64Array {
  const halves = new Uint32Array(readUint64(bytes).buffer);
  for (let index = 0; index < halves.length; index += 2) {
    const low = halves[index] ?? 0;
    const high = halves[index + 1] ?? 0;
    const sign = -(low & 1);
    halves[index] = ((low >>> 1) | (high << 31)) ^ sign;
    halves[index + 1] = (high >>> 1) ^ sign;
  }
  return new BigInt64Array(halves.buffer);
}

/** Returns the numbers of `repeated double`. */
export function readDouble(bytes: Uint8Array): Float64Array {
  // A view of the message would need an aligned offset.
  return new Float64Array(bytes.slice().buffer);
}
