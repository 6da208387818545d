// SPDX-License-Identifier: Apache-2.0

/** What the session of the capture is doing: reading, growing, being read again. */
import { effect, signal } from "@preact/signals";
import { SessionState, type Session as SessionInfo } from "@dissectd/client/api";
import { client, noteError } from "./connection.js";
import { isAbort } from "./errors.js";
import { readingProgress } from "./reading-progress.js";
import { reopenAfter, revision, session } from "./open-capture.js";

/** The session as it is now; undefined while no capture is open. */
export const sessionInfo = signal<SessionInfo | undefined>(undefined);

const AGAIN_MS = 1000;

function note(info: SessionInfo): void {
  const before = sessionInfo.value;
  sessionInfo.value = info;
  // Reading begins, or is over.
  if (before?.state !== info.state) readingProgress.value = undefined;
  if (info.state !== SessionState.READY || before?.name !== info.name) return;
  // Somebody has read the capture again with other options.
  if (before.state === SessionState.READING) revision.value++;
}

async function watchOnce(name: string, signal: AbortSignal): Promise<void> {
  const { services } = client.value;
  for await (const { kind } of services.session.watchSession({ name }, { signal })) {
    if (kind.case === "session") note(kind.value);
    if (kind.case === "progress") readingProgress.value = kind.value;
  }
}

/** Watches the session, and again whenever the connection was lost. */
async function watch(name: string, signal: AbortSignal): Promise<void> {
  const { session: sessions } = client.value.services;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    // Gateways say in many ways that the daemon has gone; the next answer is clear.
    await watchOnce(name, signal).catch(() => undefined);
    if (isOver()) return;
    await sessions.getSession({ name }, { signal });
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** Follows the session while what is known of its capture is shown. */
export function followSession(): () => void {
  return effect(() => {
    const watched = session.value;
    sessionInfo.value = watched?.info;
    if (!watched) return undefined;
    const abort = new AbortController();
    watch(watched.name, abort.signal).catch((error: unknown) => {
      if (abort.signal.aborted || isAbort(error)) return;
      noteError(error);
      reopenAfter(error);
    });
    return (): void => {
      abort.abort();
    };
  });
}
