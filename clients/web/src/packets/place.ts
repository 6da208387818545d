// SPDX-License-Identifier: Apache-2.0

/** Which frames are listed, and which of them is selected: what the address says. */
import { computed } from "@preact/signals";
import { address, setQuery } from "../app/address.js";

// Frames have numbers of 32 bits, but links may be written by hand.
const LAST_NUMBER = 0xffff_ffff;

/** The display filter that the list shows the frames of. */
export const displayFilter = computed(() => address.value.query["filter"] ?? "");

/** The number of the frame that is selected; 0 if none is. */
export const selectedFrame = computed(() => {
  const number = Number(address.value.query["frame"] ?? "0");
  return Number.isInteger(number) && number > 0 && number <= LAST_NUMBER ? number : 0;
});

/** Selects a frame. The browser's button leads back to the last one after a jump only. */
export function selectFrame(number: number, { isJump = false } = {}): void {
  setQuery({ frame: String(number) }, { replace: !isJump });
}
