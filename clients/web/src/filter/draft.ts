// SPDX-License-Identifier: Apache-2.0

/** The text in the display filter's input, which the address has once it is applied. */
import { computed, signal } from "@preact/signals";
import { address, navigate, sameCapture, setQuery } from "../app/address.js";
import { focusFilter } from "./focus.js";

/** What the input has. "Prepare as filter" writes it, and the user goes on from there. */
export const draftFilter = signal("");

/** The filter that the address has. */
export const appliedFilter = computed(() => address.value.query["filter"] ?? "");

let followed = "";

/**
 * Makes the input have what the address has, if that has changed: a text that was prepared
 * elsewhere stays.
 */
export function followApplied(): void {
  if (appliedFilter.value === followed) return;
  followed = appliedFilter.value;
  draftFilter.value = followed;
}

/** Whether the view has the input, and a list of packets. */
function hasPackets(): boolean {
  const { view } = address.value;
  return view === "packets" || view === "live";
}

/** Shows the packets that pass a filter, or all of them if it is empty. */
export function applyFilter(text: string): void {
  const filter = text.trim();
  draftFilter.value = filter;
  if (!hasPackets()) navigate(sameCapture("packets", { filter }));
  else if (filter !== appliedFilter.value) setQuery({ filter: filter || undefined });
}

/** Writes a filter into the input above the packets, from where the user goes on. */
export function prepareFilter(text: string): void {
  const filter = appliedFilter.value;
  if (!hasPackets()) navigate(sameCapture("packets", { filter }));
  followApplied();
  draftFilter.value = text;
  focusFilter();
}

/** Returns what the input has, or will have in the view of the packets. */
export function presentDraft(): string {
  followApplied();
  return draftFilter.value;
}
