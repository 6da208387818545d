// SPDX-License-Identifier: Apache-2.0

/** What the browser remembers for each server. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { server } from "../daemon/servers.js";

export interface ServerStore<Value> {
  /** What is remembered for the server that the page is about. */
  readonly value: ReadonlySignal<Value>;
  set(value: Value): void;
}

function read(key: string): Readonly<Record<string, unknown>> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    return typeof stored === "object" && stored !== null ? { ...stored } : {};
  } catch {
    return {};
  }
}

/**
 * Returns a place in the browser's storage with a value for each server. What is there may
 * be anything, so that `parse` makes a value of it, also of `undefined`.
 */
export function serverStore<Value>(
  key: string,
  parse: (stored: unknown) => Value,
): ServerStore<Value> {
  const all = signal(read(key));
  // Other tabs write, too.
  addEventListener("storage", (event) => {
    if (event.key === key) all.value = read(key);
  });
  return {
    value: computed(() => parse(all.value[server.value.url])),
    set(value): void {
      all.value = { ...read(key), [server.value.url]: value };
      localStorage.setItem(key, JSON.stringify(all.value));
    },
  };
}
