// SPDX-License-Identifier: Apache-2.0

import type { Capture } from "@dissectd/client/api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { navigate } from "../app/address.js";
import { attempt } from "../app/notices.js";
import { Dialog } from "../ui/dialog.js";
import { deleteCapture, restartCapture, stopCapture } from "./capture-actions.js";
import { isActive, stateName, titleOf } from "./capture-state.js";
import { count } from "./format.js";

/** The state of a capture, as a word in its color. */
export function StateBadge({ capture }: { readonly capture: Capture }): JSX.Element {
  const name = stateName(capture);
  return <span class={`state-badge ${name.toLowerCase()}`}>{name}</span>;
}

interface DeleteDialogProps {
  readonly capture: Capture;
  readonly onClose: () => void;
}

function DeleteDialog({ capture, onClose }: DeleteDialogProps): JSX.Element {
  const packets = count(Number(capture.packetsWritten));
  return (
    <Dialog title="Delete the capture?" onClose={onClose}>
      <p>
        {isActive(capture)
          ? `The capture on ${titleOf(capture)} is stopped, and all its packets are deleted.`
          : `The capture on ${titleOf(capture)} and its ${packets} packets are deleted.`}{" "}
        This can't be undone.
      </p>
      <div class="dialog-buttons">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            onClose();
            attempt(async () => {
              await deleteCapture(capture);
              navigate({ view: "live", source: "", query: {} });
            });
          }}
        >
          Delete
        </button>
      </div>
    </Dialog>
  );
}

/** What can be done with a capture. */
export function CaptureButtons({ capture }: { readonly capture: Capture }): JSX.Element {
  const [isAsking, setAsking] = useState(false);
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
          setAsking(true);
        }}
      >
        Delete …
      </button>
      {isAsking && (
        <DeleteDialog
          capture={capture}
          onClose={() => {
            setAsking(false);
          }}
        />
      )}
    </span>
  );
}
