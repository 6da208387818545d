// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";

export interface NumberInputProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly max?: number;
  /** The step between values; whole numbers by default. */
  readonly step?: number;
}

/** A field for a number, which may be empty. */
export function NumberInput(props: NumberInputProps): JSX.Element {
  const { label, value, onValue, unit, placeholder, max, step = 1 } = props;
  return (
    <label class="number-input">
      <span>{label}</span>
      <input
        type="number"
        min={step}
        step={step}
        max={max}
        value={value}
        placeholder={placeholder}
        onInput={({ currentTarget }) => {
          onValue(currentTarget.value);
        }}
      />
      {unit && <span>{unit}</span>}
    </label>
  );
}
