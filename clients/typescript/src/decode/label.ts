// SPDX-License-Identifier: Apache-2.0

import { type Field, FieldDisplay, FieldType } from "../gen/dissectd/v1/common_pb.js";
import { TimeSpan } from "../time.js";
import type { FieldValue } from "./value.js";

const HEX_DIGITS: Partial<Record<FieldType, number>> = {
  [FieldType.UINT8]: 2,
  [FieldType.UINT16]: 4,
  [FieldType.UINT24]: 6,
};

function hexadecimal(type: FieldType, value: number): string {
  return `0x${value.toString(16).padStart(HEX_DIGITS[type] ?? 8, "0")}`;
}

function numberText({ type, display }: Field, value: number): string {
  switch (display) {
    case FieldDisplay.HEX:
      return hexadecimal(type, value);
    case FieldDisplay.HEX_DEC:
      return `${hexadecimal(type, value)} (${String(value)})`;
    case FieldDisplay.DEC_HEX:
      return `${String(value)} (${hexadecimal(type, value)})`;
    default:
      return String(value);
  }
}

/** Returns a duration whose minus sign stands for both parts, as the API has it. */
function durationText({ wholeSeconds, nanos }: TimeSpan): string {
  const sign = wholeSeconds < 0n || nanos < 0 ? "-" : "";
  const seconds = String(wholeSeconds).replace("-", "");
  return `${sign}${seconds}.${Math.abs(nanos).toString().padStart(9, "0")} seconds`;
}

function valueText(field: Field, value: FieldValue): string {
  if (typeof value === "number") return numberText(field, value);
  return value instanceof TimeSpan ? durationText(value) : String(value);
}

/** Returns the label of a node with LABEL_FORM_DERIVED. */
export function derivedLabel(field: Field, value: FieldValue | undefined, suffix: string): string {
  if (value === undefined) return field.displayName;
  return `${field.displayName}: ${valueText(field, value)}${suffix}`;
}
