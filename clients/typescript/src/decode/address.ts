// SPDX-License-Identifier: Apache-2.0

// Addresses and identifiers as Wireshark writes them without names.
import { FieldDisplay, FieldType } from "../gen/dissectd/v1/common_pb.js";

const MAX_OID_PART = 0xffffffff;

/** Returns bytes in hexadecimal. */
export function hex(bytes: Uint8Array, separator = ""): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(separator);
}

function exactly(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.length === size ? bytes : new Uint8Array(size);
}

function ipv4(bytes: Uint8Array): string {
  return exactly(bytes, 4).join(".");
}

interface Run {
  start: number;
  length: number;
}

/** Returns the first of the longest runs of zeros, which `::` stands for. */
function longestZeros(groups: readonly number[]): Run {
  let best: Run = { start: -1, length: 1 };
  let run: Run = { start: 0, length: 0 };
  groups.forEach((group, index) => {
    run =
      group === 0 ? { start: run.start, length: run.length + 1 } : { start: index + 1, length: 0 };
    if (run.length > best.length) best = run;
  });
  return best;
}

function ipv6(bytes: Uint8Array): string {
  const address = exactly(bytes, 16);
  const groups: number[] = [];
  for (let index = 0; index < 16; index += 2) {
    groups.push(((address[index] ?? 0) << 8) | (address[index + 1] ?? 0));
  }
  const zeros = longestZeros(groups);
  const words = groups.map((group) => group.toString(16));
  const embedsIpv4 =
    zeros.start === 0 && (zeros.length === 6 || (zeros.length === 5 && groups[5] === 0xffff));
  if (embedsIpv4) words.splice(6, 2, ipv4(address.subarray(12)));
  if (zeros.start < 0) return words.join(":");
  const after = words.slice(zeros.start + zeros.length);
  return `${words.slice(0, zeros.start).join(":")}::${after.join(":")}`;
}

function guid(bytes: Uint8Array): string {
  return hex(exactly(bytes, 16)).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Returns the numbers of BER; bytes after the last complete one don't count. */
function identifierParts(ber: Uint8Array): number[] {
  const parts: number[] = [];
  let part = 0;
  for (const byte of ber) {
    part = part * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    parts.push(part);
    part = 0;
  }
  return parts;
}

function objectIdentifier(ber: Uint8Array): string {
  const [first, ...rest] = identifierParts(ber);
  if (first === undefined) return "0";
  // The first number holds the first two parts.
  const root = first >= 80 ? 2 : Math.floor(first / 40);
  const parts = [first - root * 40, ...rest];
  return parts.some((part) => part > MAX_OID_PART) ? "" : [root, ...parts].join(".");
}

function relativeObjectIdentifier(ber: Uint8Array): string {
  const parts = identifierParts(ber);
  return parts.some((part) => part > MAX_OID_PART)
    ? ""
    : parts.map((part) => `.${String(part)}`).join("");
}

function systemId(bytes: Uint8Array): string {
  const size = bytes.length;
  if (size === 0 || size > 15) return "<Invalid length of SYSTEM ID>";
  if (size < 6 || size > 8) {
    return size < 4 ? hex(bytes) : `${hex(bytes.subarray(0, 4))}.${hex(bytes.subarray(4))}`;
  }
  const pairs = [0, 2, 4].map((start) => hex(bytes.subarray(start, start + 2)));
  const rest = hex(bytes.subarray(6), "-");
  return rest === "" ? pairs.join(".") : `${pairs.join(".")}.${rest}`;
}

function separatorOf(display: FieldDisplay): string {
  if (display === FieldDisplay.SEP_DOT) return ".";
  return display === FieldDisplay.SEP_DASH ? "-" : ":";
}

/** Returns the text of an address; undefined if values of the type are plain bytes. */
export function addressText(
  type: FieldType,
  display: FieldDisplay,
  bytes: Uint8Array,
): string | undefined {
  switch (type) {
    case FieldType.IPV4:
      return ipv4(bytes);
    case FieldType.IPV6:
      return ipv6(bytes);
    case FieldType.GUID:
      return guid(bytes);
    case FieldType.OID:
      return objectIdentifier(bytes);
    case FieldType.REL_OID:
      return relativeObjectIdentifier(bytes);
    case FieldType.SYSTEM_ID:
      return systemId(bytes);
    case FieldType.ETHER:
    case FieldType.AX25:
    case FieldType.VINES:
    case FieldType.FCWWN:
      return hex(bytes, separatorOf(display));
    default:
      return undefined;
  }
}

/** Returns the text of a number that is an address; undefined if it is none. */
export function numericAddressText(type: FieldType, value: number | bigint): string | undefined {
  if (type === FieldType.IPXNET) return `0x${value.toString(16).padStart(8, "0")}`;
  if (type !== FieldType.EUI64) return undefined;
  return value
    .toString(16)
    .padStart(16, "0")
    .replace(/(..)(?!$)/g, "$1:");
}
