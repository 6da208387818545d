// SPDX-License-Identifier: Apache-2.0

/** What measurements of the page share. */
import type { CDPSession, Page } from "playwright-core";

/** Begins to note how long each frame of the page takes. */
export async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const times: number[] = [];
    let last = performance.now();
    const note = (now: number): void => {
      times.push(now - last);
      last = now;
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
    Object.assign(globalThis, { frameTimes: times });
  });
}

/** Returns the milliseconds of the frames since they were asked for. */
export function takeFrames(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    (globalThis as unknown as { frameTimes: number[] }).frameTimes.splice(0),
  );
}

/** Returns the value below which a part of the values are. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** Returns the megabytes of the page's heap that are in use. */
export async function heapOf(devtools: CDPSession): Promise<number> {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}
