// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { NodeFlag, SessionState } from "@dissectd/client/api";
import { openCapture } from "../daemon/open-capture.js";
import { percentRead, readingProgress } from "../daemon/reading-progress.js";
import { sessionInfo } from "../daemon/session-watch.js";
import { cursorByte, selectedNode } from "./current-frame.js";
import { displayFilter } from "./place.js";
import { frameList, isReplaced, listWork } from "./shown-list.js";

/** What the field is that is selected, in the words of Wireshark's status bar. */
function fieldText(): string {
  const node = selectedNode.value;
  if (!node) {
    const offset = cursorByte.value;
    return offset === undefined ? "" : `Byte ${String(offset)}`;
  }
  const name = node.is(NodeFlag.TEXT) ? "Text" : `${node.field.displayName} (${node.name})`;
  if (node.length <= 0) return name;
  return `${name}, ${String(node.length)} byte${node.length === 1 ? "" : "s"}`;
}

function countText(): string {
  if (openCapture.value.state === "failed") return "";
  const packets = sessionInfo.value?.frames ?? 0;
  const displayed = frameList.value?.total.value;
  const all = `Packets: ${packets.toLocaleString("en")}`;
  // What is counted are the packets of the list that is still shown.
  if (displayFilter.value === "" || displayed === undefined || isReplaced.value) return all;
  const part = packets > 0 ? ((100 * displayed) / packets).toFixed(1) : "0.0";
  return `${all} · Displayed: ${displayed.toLocaleString("en")} (${part}%)`;
}

const WORK_TEXTS = { filtering: "Filtering …", sorting: "Sorting …" } as const;

function stateText(): string {
  const info = sessionInfo.value;
  if (info?.state === SessionState.READING) {
    const percent = percentRead(readingProgress.value);
    return `Reading the capture …${percent === undefined ? "" : ` ${String(percent)} %`}`;
  }
  if (listWork.value !== "none") return WORK_TEXTS[listWork.value];
  if (info?.live) return "The capture is running";
  const error = info?.readError;
  return error ? `The file could be read in part only: ${error.message}` : "";
}

/** The last line: the field, and the numbers of packets. */
export function StatusBar(): JSX.Element {
  return (
    <footer class="status-bar">
      <span class="field">{fieldText()}</span>
      <span role="status">{stateText()}</span>
      <span>{countText()}</span>
    </footer>
  );
}
