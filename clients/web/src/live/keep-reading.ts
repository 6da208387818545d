// SPDX-License-Identifier: Apache-2.0

/** Streams that go on when the daemon or the connection comes back. */
import { effect } from "@preact/signals";
import { Code, DissectdError, UnavailableError } from "@dissectd/client";
import { noteError, state } from "../daemon/connection.js";
import { isAbort } from "../daemon/errors.js";

const PAUSE_MS = 500;
const MAX_FAILURES = 20;

// What becomes of a stream whose connection breaks depends on the proxies between.
const BROKEN = new Set([Code.Unknown, Code.Internal, Code.Aborted, Code.Canceled]);

function isBroken(error: unknown): boolean {
  if (error instanceof UnavailableError) return true;
  if (!(error instanceof DissectdError)) return false;
  return error.reason === "READER_TOO_SLOW" || (error.reason === "" && BROKEN.has(error.code));
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, PAUSE_MS);
    function finish(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    }
    signal.addEventListener("abort", finish);
  });
}

/** Waits until calls reach the daemon. */
function online(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      stopWatching();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const stopWatching = effect(() => {
      if (state.value === "online") queueMicrotask(finish);
    });
    signal.addEventListener("abort", finish);
  });
}

/**
 * Reads a stream to its end. When the connection breaks, `read` is called again once the
 * daemon is back; it goes on where it was, and calls `onProgress` for what arrives.
 *
 * @throws what `read` throws for another reason.
 */
async function keepReading(
  read: (onProgress: () => void) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  for (;;) {
    try {
      await read(() => {
        failures = 0;
      });
      return;
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      noteError(error);
      if (!isBroken(error) || ++failures > MAX_FAILURES) throw error;
      await pause(signal);
      await online(signal);
    }
  }
}

/**
 * Starts to read a stream as keepReading does. The function that this returns ends it by the
 * signal, which `read` must obey.
 */
export function startReading(
  read: (onProgress: () => void) => Promise<void>,
  abort: AbortController,
  onError: (error: unknown) => void,
): () => void {
  keepReading(read, abort.signal).catch(onError);
  return (): void => {
    abort.abort();
  };
}
