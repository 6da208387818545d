// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import type { ChartSeries } from "./chart.js";

export interface ChartFootProps {
  readonly series: readonly ChartSeries[];
  /** The labels of the series that aren't shown. */
  readonly hidden: ReadonlySet<string>;
  readonly onHidden: (hidden: ReadonlySet<string>) => void;
  /** What is at the cursor. */
  readonly text: string;
  /** Whether that is read aloud: it isn't for the pointer, which passes many points. */
  readonly isSaid: boolean;
  /** Shows everything again; undefined if everything is shown. */
  readonly onReset: (() => void) | undefined;
}

/** The line below a chart: its series, which can be switched off, and what is at the cursor. */
export function ChartFoot(props: ChartFootProps): JSX.Element {
  const { series, hidden, onHidden, text, isSaid, onReset } = props;

  function toggle(label: string): void {
    const labels = new Set(hidden);
    if (!labels.delete(label)) labels.add(label);
    onHidden(labels);
  }

  return (
    <div class="chart-foot">
      <ul class="chart-legend" aria-label="Series">
        {series.map(({ label, color }) => (
          <li key={label}>
            <button
              type="button"
              aria-pressed={!hidden.has(label)}
              onClick={() => {
                toggle(label);
              }}
            >
              <i style={{ background: `var(${color})` }} />
              {label}
            </button>
          </li>
        ))}
      </ul>
      <p class="chart-text" role="status" aria-live={isSaid ? "polite" : "off"}>
        {text}
      </p>
      <button type="button" disabled={!onReset} onClick={() => onReset?.()}>
        Reset zoom
      </button>
    </div>
  );
}
