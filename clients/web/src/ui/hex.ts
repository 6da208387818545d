// SPDX-License-Identifier: Apache-2.0

/** Returns the two hexadecimal digits of a byte. */
export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** Returns bytes as hexadecimal digits. */
export function hexOf(bytes: Uint8Array, separator = ""): string {
  return Array.from(bytes, hexByte).join(separator);
}
