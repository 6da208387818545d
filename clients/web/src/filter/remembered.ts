// SPDX-License-Identifier: Apache-2.0

/** The filters that this browser remembers: the last ones, and those saved with a name. */
import { serverStore, type ServerStore } from "./server-store.js";

export interface OwnFilter {
  readonly name: string;
  readonly filter: string;
  /** Whether it has a button in the bar. */
  readonly isButton: boolean;
}

const MOST_RECENT = 20;

/** Returns the texts of a list with one at its beginning, each of them once. */
export function withRecent(recent: readonly string[], text: string): readonly string[] {
  return [text, ...recent.filter((other) => other !== text)].slice(0, MOST_RECENT);
}

function textsOf(stored: unknown): readonly string[] {
  return Array.isArray(stored) ? stored.filter((text) => typeof text === "string") : [];
}

function isOwnFilter(value: unknown): value is OwnFilter {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "filter" in value &&
    typeof value.filter === "string" &&
    "isButton" in value &&
    typeof value.isButton === "boolean"
  );
}

function ownFiltersOf(stored: unknown): readonly OwnFilter[] {
  return Array.isArray(stored) ? stored.filter(isOwnFilter) : [];
}

/** The filters of a language. */
export interface Remembered {
  readonly recent: ServerStore<readonly string[]>;
  readonly own: ServerStore<readonly OwnFilter[]>;
}

function remembered(language: string): Remembered {
  return {
    recent: serverStore(`dissectd.${language}-filters.recent`, textsOf),
    own: serverStore(`dissectd.${language}-filters.own`, ownFiltersOf),
  };
}

export const displayFilters = remembered("display");
export const captureFilters = remembered("capture");

/** Remembers a filter that was used. */
export function rememberUse({ recent }: Remembered, text: string): void {
  if (text !== "" && recent.value.peek()[0] !== text) {
    recent.set(withRecent(recent.value.peek(), text));
  }
}
