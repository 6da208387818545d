// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";

const WIDTH = 120;
const HEIGHT = 32;

/** Returns the points of a line that fills a box, with zero at its lower edge. */
export function pointsOf(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  return values
    .map((value, index) => {
      const y = HEIGHT - 1 - (value / most) * (HEIGHT - 2);
      return `${(index * step).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}

/** A small line without axes. */
export function Sparkline(props: {
  readonly label: string;
  readonly values: readonly number[];
}): JSX.Element {
  return (
    <svg
      class="sparkline"
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      preserveAspectRatio="none"
    >
      <polyline points={pointsOf(props.values)} />
    </svg>
  );
}
