// SPDX-License-Identifier: Apache-2.0

import { Code, type DissectdError, UnavailableError } from "./errors.js";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** The time for which a broken stream is resumed unless options say otherwise. */
export const DEFAULT_RETRY_MS = 60_000;

// What becomes of a connection that breaks depends on the proxies between.
const BROKEN_CONNECTION = new Set<Code>([
  Code.Unavailable,
  Code.Unknown,
  Code.Internal,
  Code.Aborted,
  Code.Canceled,
]);

// A proxy that refuses a request refuses it again.
const REFUSED_BY_PROXY = /^HTTP 4\d\d$/;

/** Returns whether a stream that failed can go on in another call. */
export function isTransient(error: DissectdError): boolean {
  if (error.reason === "") {
    return BROKEN_CONNECTION.has(error.code) && !REFUSED_BY_PROXY.test(error.message);
  }
  if (error.reason === "READER_TOO_SLOW") return true;
  return error instanceof UnavailableError || error.retryAfterMs !== undefined;
}

/** Waits, and throws the signal's reason if it is aborted meanwhile. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal?.addEventListener("abort", finish);
  });
  signal?.throwIfAborted();
}

/** Pauses between attempts, which become longer while there is no progress. */
export class Retry {
  private failures = 0;
  private since = 0;

  constructor(private readonly limitMs: number) {}

  /** Notes that something arrived. */
  progress(): void {
    this.failures = 0;
  }

  /** Waits before the next attempt. Throws the error if the time for that is over. */
  async wait(error: DissectdError, signal?: AbortSignal): Promise<void> {
    if (this.failures === 0) this.since = Date.now();
    const growing = FIRST_PAUSE_MS * 2 ** Math.min(this.failures++, 10);
    // Clients of a daemon that restarts shouldn't all come back at the same moment.
    const jitter = 0.75 + Math.random() / 2;
    const delay = Math.max(Math.min(growing, LONGEST_PAUSE_MS) * jitter, error.retryAfterMs ?? 0);
    if (Date.now() + delay - this.since > this.limitMs) throw error;
    await pause(delay, signal);
  }
}
