// SPDX-License-Identifier: Apache-2.0

import type { Capture } from "@dissectd/client/api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { attempt } from "../app/notices.js";
import { deleteCapture, restartCapture, stopCapture } from "./capture-actions.js";
import { isActive, stateName } from "./capture-state.js";

/** The state of a capture, as a word in its color. */
export function StateBadge({ capture }: { readonly capture: Capture }): JSX.Element {
  const name = stateName(capture);
  return <span class={`state-badge ${name.toLowerCase()}`}>{name}</span>;
}

/** What can be done with a capture. */
export function CaptureButtons({ capture }: { readonly capture: Capture }): JSX.Element {
  const [isBusy, setBusy] = useState(false);
  function run(action: (capture: Capture) => Promise<void>): void {
    setBusy(true);
    attempt(async () => {
      try {
        await action(capture);
      } finally {
        setBusy(false);
      }
    });
  }
  return (
    <span class="capture-buttons">
      {isActive(capture) && (
        <button
          type="button"
          disabled={isBusy}
          onClick={() => {
            run(stopCapture);
          }}
        >
          <span aria-hidden="true">■</span> Stop
        </button>
      )}
      <button
        type="button"
        disabled={isBusy}
        title="Capture again with the same options"
        onClick={() => {
          run(restartCapture);
        }}
      >
        <span aria-hidden="true">↻</span> Restart
      </button>
      <button
        type="button"
        disabled={isBusy}
        onClick={() => {
          deleteCapture(capture);
        }}
      >
        Delete …
      </button>
    </span>
  );
}
