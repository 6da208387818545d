// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { sessionInfo } from "../daemon/session-watch.js";
import { Dialog } from "../ui/dialog.js";
import { selectedFrame, selectFrame } from "./place.js";

/** Goes to the packet of a number. */
export function GoToDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const [number, setNumber] = useState(String(selectedFrame.value || 1));
  return (
    <Dialog title="Go to Packet" onClose={onClose}>
      <form
        class="packet-form"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          selectFrame(Number(number), { isJump: true });
        }}
      >
        <label>
          Packet
          <input
            type="number"
            required
            min={1}
            max={sessionInfo.value?.frames}
            value={number}
            onInput={({ currentTarget }) => {
              setNumber(currentTarget.value);
            }}
          />
        </label>
        <button type="submit">Go to packet</button>
      </form>
    </Dialog>
  );
}
