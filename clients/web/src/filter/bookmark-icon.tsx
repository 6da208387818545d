// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";

/** The sign of saved filters, as in Wireshark. */
export function BookmarkIcon(): JSX.Element {
  return (
    <svg viewBox="0 0 12 20" width="12" height="20" aria-hidden="true">
      <path d="M1 3h10v14l-5-4-5 4z" fill="currentColor" />
    </svg>
  );
}
