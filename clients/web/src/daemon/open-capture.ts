// SPDX-License-Identifier: Apache-2.0

/**
 * The capture that the page shows, open as a session. The packet list and the statistics
 * ask the same one, and so do other tabs and users: the daemon reads the capture once.
 */
import { computed, effect, signal } from "@preact/signals";
import {
  type Dissection,
  DissectdError,
  NotFoundError,
  PermissionError,
  type Session,
} from "@dissectd/client";
import type { Progress, SessionEdit } from "@dissectd/client/api";
import type { Client } from "@dissectd/client/web";
import { address } from "../app/address.js";
import { client, generation, noteError } from "./connection.js";
import { dissectionOptions, messageOf } from "./dissection-options.js";
import { isAbort } from "./errors.js";
import { readingProgress } from "./reading-progress.js";
import { server } from "./servers.js";
import { abandoned, lastOfTab, noteClosed, noteOpened, type TabSession } from "./tab-sessions.js";

export type OpenCapture =
  | { readonly state: "none" }
  | { readonly state: "opening"; readonly source: string }
  | { readonly state: "open"; readonly source: string; readonly session: Session }
  | { readonly state: "failed"; readonly source: string; readonly error: unknown };

const current = signal<OpenCapture>({ state: "none" });

/** The capture that the address names. */
export const openCapture = computed(() => current.value);

/** The session of the capture; undefined while there is none. */
export const session = computed(() =>
  current.value.state === "open" ? current.value.session : undefined,
);

/**
 * Counts how often the capture was read again or edited, so that what the daemon has told
 * about its frames is asked for again.
 */
export const revision = signal(0);

// Asked for again when the session was closed behind the page's back.
const attempts = signal(0);

/** Opens the capture again if an error says that its session is gone. Returns whether it is. */
export function reopenAfter(error: unknown): boolean {
  if (!(error instanceof NotFoundError) || error.reason !== "SESSION_NOT_FOUND") return false;
  openAgain();
  return true;
}

/** Tries once more to open the capture that couldn't be opened. */
export function openAgain(): void {
  attempts.value++;
}

/** Why, and how, a capture is opened. */
interface Occasion {
  readonly source: string;
  /** The URL of the server that has it. */
  readonly server: string;
  readonly client: Client;
  readonly generation: number;
  readonly dissection: NonNullable<Dissection["dissection"]>;
}

type Edits = readonly SessionEdit[];

// The session that the tab shows; after a reload, the one that it showed before.
let last: (TabSession & { readonly generation?: number }) | undefined = lastOfTab();

// The captures that the tab showed before, the latest one last. They stay open with their
// marks and comments for as long as the daemon has room for them.
let left: readonly string[] = [];

/** Whether the last session is on the capture that is to be opened, and is still there. */
function isReplaced({ source, server, generation }: Occasion): boolean {
  if (last?.source !== source || last.server !== server) return false;
  // The daemon has lost those that it had before it ended.
  return last.generation === undefined || last.generation === generation;
}

/** Returns the marks, comments and other edits of a session; none if it isn't the user's. */
async function editsOf({ client: asked }: Occasion, name: string): Promise<Edits> {
  try {
    return (await asked.services.session.getSessionEdits({ name })).edits;
  } catch (error) {
    if (error instanceof NotFoundError || error instanceof PermissionError) return [];
    throw error;
  }
}

function forget(name: string): void {
  noteClosed(name);
  left = left.filter((other) => other !== name);
}

async function close({ client: asked }: Occasion, name: string): Promise<void> {
  forget(name);
  // It may be gone already.
  await asked.services.session.closeSession({ name }).catch(noteError);
}

/** Closes a session at the user's request. */
export async function closeSession(name: string): Promise<void> {
  await client.value.services.session.closeSession({ name });
  forget(name);
}

/** Closes a session that nobody looks at. Returns whether there was one. */
async function makeRoom(occasion: Occasion, replaced: string | undefined): Promise<boolean> {
  const [closed] = await abandoned(occasion.server);
  const name = closed ?? left[0] ?? replaced;
  if (name === undefined) return false;
  await close(occasion, name);
  return true;
}

/** Whether an error says that too many sessions are open. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof DissectdError)) return false;
  return ["TOO_MANY_SESSIONS", "TOO_MANY_SESSIONS_OF_CALLER"].includes(error.reason);
}

/** Opens a session, and closes others that nobody looks at if it must. */
async function openOrMakeRoom(
  occasion: Occasion,
  signal: AbortSignal,
  replaced?: string,
): Promise<Session> {
  const { client: asked, source, dissection } = occasion;
  const onProgress = (progress: Progress): void => {
    if (!signal.aborted) readingProgress.value = progress;
  };
  for (;;) {
    try {
      return await asked.open(source, { dissection, signal, onProgress });
    } catch (error) {
      if (!isFull(error) || !(await makeRoom(occasion, replaced))) throw error;
      replaced = undefined;
    }
  }
}

function show(capture: OpenCapture, signal: AbortSignal): void {
  if (!signal.aborted) current.value = capture;
}

/**
 * Opens a session. One on the same capture, which had other options or was there before a
 * reload, is closed, and leaves its marks, comments and other edits to the new one.
 */
async function openSession(occasion: Occasion, signal: AbortSignal): Promise<Session> {
  const { source, server, client: asked, generation } = occasion;
  const replaced = isReplaced(occasion) ? last?.name : undefined;
  const edits = replaced === undefined ? [] : await editsOf(occasion, replaced);
  const opened = await openOrMakeRoom(occasion, signal, replaced);
  if (signal.aborted) {
    await opened.close();
    return opened;
  }
  if (last?.server === server && replaced === undefined) left = [...left, last.name];
  last = { name: opened.name, source, server, generation };
  noteOpened(last);
  if (edits.length > 0) {
    await asked.services.session.editSession({ name: opened.name, edits: [...edits] });
  }
  if (replaced !== undefined) await close(occasion, replaced);
  return opened;
}

async function open(occasion: Occasion, signal: AbortSignal): Promise<void> {
  const { source } = occasion;
  try {
    const session = await openSession(occasion, signal);
    show({ state: "open", source, session }, signal);
  } catch (error) {
    if (signal.aborted || isAbort(error)) return;
    noteError(error);
    show({ state: "failed", source, error }, signal);
  }
}

const wanted = computed(() => {
  const { view, source } = address.value;
  return view === "packets" || view === "statistics" ? source : "";
});

// Another daemon, or the same one after a restart, has other sessions.
const occasion = computed(() => ({
  source: wanted.value,
  server: server.value.url,
  client: client.value,
  generation: generation.value,
  attempt: attempts.value,
  dissection: messageOf(dissectionOptions.value),
}));

/** Opens the capture that the address names, whenever it names another one. */
export function followSource(): void {
  effect(() => {
    const now = occasion.value;
    const { source } = now;
    const abort = new AbortController();
    readingProgress.value = undefined;
    current.value = source ? { state: "opening", source } : { state: "none" };
    if (source) void open(now, abort.signal);
    return (): void => {
      abort.abort();
    };
  });
}
