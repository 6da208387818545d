// SPDX-License-Identifier: Apache-2.0

/** The captures of the daemon, which has no call that tells of new ones. */
import { useEffect, useState } from "preact/hooks";
import type { Client } from "@dissectd/client";
import type { Capture } from "@dissectd/client/api";
import { client, generation, noteError } from "../daemon/connection.js";
import { isAbort } from "../daemon/errors.js";
import { isActive } from "./capture-state.js";

const ASK_EVERY_MS = 2000;

export interface Captures {
  /** All captures, the newest first; undefined until the daemon has answered. */
  readonly all: readonly Capture[] | undefined;
  /** Those that were seen running since the page is open, in the order of their creation. */
  readonly seen: readonly Capture[];
  readonly error: unknown;
}

async function listCaptures(caller: Client, signal: AbortSignal): Promise<Capture[]> {
  const found: Capture[] = [];
  let pageToken = "";
  do {
    const page = await caller.services.capture.listCaptures({ pageToken }, { signal });
    found.push(...page.captures);
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return found;
}

// A capture that fails while nobody looks should still be on the wall.
const seenRunning = new Set<string>();

function capturesOf(found: readonly Capture[]): Captures {
  for (const capture of found) if (isActive(capture)) seenRunning.add(capture.name);
  return {
    all: found.toReversed(),
    seen: found.filter(({ name }) => seenRunning.has(name)),
    error: undefined,
  };
}

/** Asks for the captures while a component is shown. */
export function useCaptures(): Captures {
  const [captures, setCaptures] = useState<Captures>({
    all: undefined,
    seen: [],
    error: undefined,
  });
  const caller = client.value;
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (): Promise<void> => {
      try {
        const found = await listCaptures(caller, abort.signal);
        setCaptures(capturesOf(found));
      } catch (error) {
        if (abort.signal.aborted || isAbort(error)) return;
        noteError(error);
        setCaptures((before) => ({ ...before, error }));
      }
      timer = setTimeout(() => void ask(), ASK_EVERY_MS);
    };
    void ask();
    return (): void => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [caller, generation.value]);
  return captures;
}
