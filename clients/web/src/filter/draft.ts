// SPDX-License-Identifier: Apache-2.0

/** The text in the display filter's input, which the address has once it is applied. */
import { computed, signal } from "@preact/signals";
import { address, setQuery } from "../app/address.js";

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

/** Filters by a text, or by none if it is empty. */
export function applyFilter(text: string): void {
  const filter = text.trim();
  draftFilter.value = filter;
  if (filter !== appliedFilter.value) setQuery({ filter: filter || undefined });
}
