// SPDX-License-Identifier: Apache-2.0

/** The id of the display filter's input; a page has one. */
export const FILTER_INPUT_ID = "display-filter";

/** Puts the cursor into the display filter, with its text selected. */
export function focusFilter(): void {
  const input = document.getElementById(FILTER_INPUT_ID);
  if (!(input instanceof HTMLInputElement)) return;
  input.focus();
  input.select();
}
