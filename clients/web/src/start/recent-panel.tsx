// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { formatAddress } from "../app/address.js";
import { Panel } from "./panel.js";
import { forget, forgetAll, recent } from "./recent.js";
import { dateTime, pathOf } from "./texts.js";

const SHOWN = 6;

/** What this browser has opened last. */
export function RecentPanel(): JSX.Element | null {
  if (recent.value.length === 0) return null;
  return (
    <Panel
      title="Open recent"
      tools={
        <button type="button" onClick={forgetAll}>
          Clear
        </button>
      }
    >
      <ul class="lines" aria-label="Recent captures">
        {recent.value.slice(0, SHOWN).map(({ source, time }) => (
          <li key={source}>
            <a href={formatAddress({ view: "packets", source, query: {} })}>{pathOf(source)}</a>
            <span class="advice">{dateTime(new Date(time))}</span>
            <button
              type="button"
              class="more"
              aria-label={`Remove ${pathOf(source)} from the list`}
              onClick={() => {
                forget(source);
              }}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
