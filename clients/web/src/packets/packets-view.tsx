// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { NotOpened } from "../app/not-opened.js";
import { openCapture } from "../daemon/open-capture.js";
import { followSession } from "../daemon/session-watch.js";
import { FilterBar } from "../filter/filter-bar.js";
import "../style/packets.css";
import { Reading } from "../ui/reading.js";
import { Split } from "../ui/split.js";
import { Bytes } from "./bytes.js";
import { followFrame } from "./current-frame.js";
import { Details } from "./details.js";
import { DialogPlace } from "./dialogs.js";
import { FindBar } from "./find-bar.js";
import { isFindBarOpen } from "./find.js";
import { followFrames } from "./frame-list.js";
import { followKeys } from "./keys.js";
import { PacketList } from "./packet-list.js";
import { StatusBar } from "./status-bar.js";

/** Says why there are no panes yet. */
function Waiting(): JSX.Element {
  const capture = openCapture.value;
  if (capture.state === "failed") {
    return (
      <div class="list-state">
        <NotOpened error={capture.error} />
      </div>
    );
  }
  if (capture.state === "none") {
    return (
      <p class="list-state">
        No capture is open. <a href="#/start">Choose one at the start page.</a>
      </p>
    );
  }
  return (
    <div class="list-state">
      <Reading />
    </div>
  );
}

/** Wireshark's three panes: the packet list, the details and the bytes. */
export function PacketsView(): JSX.Element {
  useEffect(() => {
    const ends = [followFrames(), followSession(), followFrame(), followKeys()];
    return (): void => {
      for (const end of ends) end();
    };
  }, []);
  const isOpen = openCapture.value.state === "open";
  return (
    <div class="packets-view">
      <h1 class="for-readers">Packets</h1>
      <FilterBar />
      {isFindBarOpen.value && <FindBar />}
      {isOpen ? (
        <Split direction="rows" name="packets" initial={0.5}>
          <PacketList />
          <Split direction="columns" name="packet" initial={0.5}>
            <Details />
            <Bytes />
          </Split>
        </Split>
      ) : (
        <Waiting />
      )}
      <StatusBar />
      <DialogPlace />
    </div>
  );
}
