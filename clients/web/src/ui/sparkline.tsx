// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";

const WIDTH = 120;
const HEIGHT = 32;

export interface SparklineProps {
  readonly label: string;
  /** The values, oldest first. */
  readonly values: readonly number[];
  /** How many values the line has room for. */
  readonly room: number;
}

/** Returns the points of a line that ends at the right, with its highest value at the top. */
export function pointsOf(values: readonly number[], room: number): string {
  const most = Math.max(1, ...values);
  const step = WIDTH / (room - 1);
  const start = WIDTH - step * (values.length - 1);
  return values
    .map((value, index) => {
      const y = HEIGHT - 1 - (value / most) * (HEIGHT - 2);
      return `${(start + index * step).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}

/** A small line without axes, whose newest value is at the right. */
export function Sparkline({ label, values, room }: SparklineProps): JSX.Element {
  return (
    <svg
      class="sparkline"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      preserveAspectRatio="none"
    >
      <polyline points={pointsOf(values, room)} />
    </svg>
  );
}
