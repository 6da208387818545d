// SPDX-License-Identifier: Apache-2.0

import { attempt, showDone } from "./notices.js";

/** Puts a text on the clipboard. */
export function copyText(text: string): void {
  attempt(async () => {
    // Pages that came without TLS have no clipboard.
    if (!isSecureContext) {
      throw new Error("The browser lets only pages with https copy. Open this one with https.");
    }
    await navigator.clipboard.writeText(text);
    showDone("Copied.");
  });
}
