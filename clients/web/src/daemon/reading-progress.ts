// SPDX-License-Identifier: Apache-2.0

/** How far the daemon is with reading the capture. */
import { signal } from "@preact/signals";
import type { Progress } from "@dissectd/client/api";

/** What the daemon has told last; undefined before that. */
export const readingProgress = signal<Progress | undefined>(undefined);

/**
 * Returns the percentage of the file that has been read; undefined if that is unknown, as
 * of a capture that runs.
 */
export function percentRead(progress: Progress | undefined): number | undefined {
  if (!progress || progress.bytesTotal === 0n) return undefined;
  const { bytesRead, bytesTotal } = progress;
  return Math.min(100, Number((100n * bytesRead) / bytesTotal));
}
