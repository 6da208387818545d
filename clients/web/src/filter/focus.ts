// SPDX-License-Identifier: Apache-2.0

/** The id of the display filter's input; a page has one. */
export const FILTER_INPUT_ID = "display-filter";

let isAwaited = false;

/** Puts the cursor into the display filter, with its text selected, now or once it is there. */
export function focusFilter(): void {
  const input = document.getElementById(FILTER_INPUT_ID);
  isAwaited = !(input instanceof HTMLInputElement);
  if (!(input instanceof HTMLInputElement)) return;
  input.focus();
  input.select();
}

/** Tells that the input is there. */
export function focusIfAwaited(): void {
  if (isAwaited) focusFilter();
}
