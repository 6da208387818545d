// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { percentRead, readingProgress } from "../daemon/reading-progress.js";

/** How far the daemon is with reading the capture, and a way not to wait for it. */
export function Reading(): JSX.Element {
  const progress = readingProgress.value;
  const percent = percentRead(progress);
  const packets = progress?.framesRead ?? 0;
  return (
    <div class="reading">
      <p role="status">Reading the capture …</p>
      <progress aria-label="Reading the capture" max={100} value={percent} />
      <p class="advice">
        {percent !== undefined && `${String(percent)} % · `}
        {packets > 0 && `${packets.toLocaleString("en")} packets`}
      </p>
      <a href="#/start">Cancel</a>
    </div>
  );
}
