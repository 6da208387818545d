// SPDX-License-Identifier: Apache-2.0

/**
 * The packets that the kernel drops at interfaces. dumpcap tells its own losses at the end
 * of a capture only, and these while it runs. One stream is for all captures of the page.
 */
import { effect } from "@preact/signals";
import type { InterfaceCounters } from "@dissectd/client/api";
import { client } from "../daemon/connection.js";
import { startReading } from "./keep-reading.js";

const dropped = new Map<string, number>();
let followers = 0;
let stopFollowing: (() => void) | undefined;

function note({ name, kernel }: InterfaceCounters): void {
  if (kernel) dropped.set(name, Number(kernel.receivedDropped + kernel.sentDropped));
}

function follow(): () => void {
  return effect(() => {
    const { capture } = client.value.services;
    const abort = new AbortController();
    const { signal } = abort;
    const read = async (onProgress: () => void): Promise<void> => {
      for await (const { interfaces } of capture.watchInterfaceStatistics({}, { signal })) {
        onProgress();
        interfaces.forEach(note);
      }
    };
    // Without these counters, as for callers who may not see them, charts have a gap.
    const stop = startReading(read, abort, () => {
      dropped.clear();
    });
    return (): void => {
      stop();
      dropped.clear();
    };
  });
}

/** Counts drops from now on, until the function that it returns is called. */
export function followDrops(): () => void {
  if (followers++ === 0) stopFollowing = follow();
  return (): void => {
    if (--followers === 0) stopFollowing?.();
  };
}

/** Returns the drops at interfaces since they exist; undefined if one doesn't count them. */
export function dropsAt(interfaces: readonly string[]): number | undefined {
  let sum = 0;
  for (const name of interfaces) {
    const count = dropped.get(name);
    if (count === undefined) return undefined;
    sum += count;
  }
  return sum;
}
