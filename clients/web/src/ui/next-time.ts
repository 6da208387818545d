// SPDX-License-Identifier: Apache-2.0

/** Waits, or until the page is shown again if nobody sees it; not at all after an abort. */
export function nextTime(everyMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (document.hidden && !signal.aborted) return;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      // The signal lives as long as the view, which may be open for weeks.
      signal.removeEventListener("abort", look);
      resolve();
    };
    const timer = setInterval(look, everyMs);
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
  });
}
