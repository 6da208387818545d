// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import "../style/start.css";
import { CapturesPanel } from "./captures-panel.js";
import { FilesPanel } from "./files-panel.js";
import { InterfacesPanel } from "./interfaces-panel.js";
import { RecentPanel } from "./recent-panel.js";
import { ServerBar } from "./server-bar.js";
import { addUploads } from "./uploads.js";
import { UploadsPanel } from "./uploads-panel.js";

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** What can be opened or captured, as Wireshark's welcome page shows it. */
export function StartView(): JSX.Element {
  const [isOver, setOver] = useState(false);
  return (
    <div
      class={isOver ? "start-page drop" : "start-page"}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        const isInside = relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
        if (!isInside) setOver(false);
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        addUploads(event.dataTransfer?.files ?? []);
      }}
    >
      <h1 class="hidden-heading">Welcome to dissectd</h1>
      <ServerBar />
      <div class="start-columns">
        <div>
          <InterfacesPanel />
          <CapturesPanel />
        </div>
        <div>
          <RecentPanel />
          <UploadsPanel />
          <FilesPanel />
        </div>
      </div>
    </div>
  );
}
