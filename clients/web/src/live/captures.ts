// SPDX-License-Identifier: Apache-2.0

/** The captures of the daemon, which has no call that tells of new ones. */
import { useMemo } from "preact/hooks";
import type { Capture } from "@dissectd/client/api";
import { client } from "../daemon/connection.js";
import { usePolled } from "../ui/use-polled.js";
import { isActive } from "./capture-state.js";

const ASK_EVERY_MS = 2000;
const PAGE = 1000;

/** Returns all captures in the order of their creation. */
export async function listCaptures(signal: AbortSignal): Promise<readonly Capture[]> {
  const found: Capture[] = [];
  let pageToken = "";
  do {
    const request = { pageSize: PAGE, pageToken };
    const page = await client.value.services.capture.listCaptures(request, { signal });
    found.push(...page.captures);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return found;
}

export interface Captures {
  /** All captures, the newest first; undefined until the daemon has answered. */
  readonly all: readonly Capture[] | undefined;
  /** Those that were seen running since the page is open, in the order of their creation. */
  readonly seen: readonly Capture[];
  readonly error: unknown;
}

// A capture that fails while nobody looks should still be on the wall.
const seenRunning = new Set<string>();

/** Asks for the captures while a component is shown. What was known stays after an error. */
export function useCaptures(): Captures {
  const caller = client.value;
  const known = useMemo((): { captures?: readonly Capture[] } => ({}), [caller]);
  const { value, error } = usePolled(listCaptures, ASK_EVERY_MS, [caller]);
  if (value) known.captures = value;
  for (const capture of value ?? []) if (isActive(capture)) seenRunning.add(capture.name);
  return {
    all: known.captures?.toReversed(),
    seen: known.captures?.filter(({ name }) => seenRunning.has(name)) ?? [],
    error,
  };
}
