// SPDX-License-Identifier: Apache-2.0

/**
 * The capture that the page shows, open as a session. The packet list and the statistics
 * ask the same one, and so do other tabs and users: the daemon reads the capture once.
 */
import { computed, effect, signal } from "@preact/signals";
import { type Dissection, DissectdError, NotFoundError, type Session } from "@dissectd/client";
import type { Client } from "@dissectd/client/web";
import { address } from "../app/address.js";
import { client, generation, noteError } from "./connection.js";
import { dissectionOptions, messageOf } from "./dissection-options.js";
import { isAbort } from "./errors.js";

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
  attempts.value++;
  return true;
}

// Files have names without a prefix in the client's methods.
function sourceOf(resource: string): string {
  return resource.replace(/^files\//, "");
}

/** Why, and how, a capture is opened. */
interface Occasion {
  readonly source: string;
  readonly client: Client;
  readonly generation: number;
  readonly dissection: NonNullable<Dissection["dissection"]>;
}

// The session that was open last, and what it needs to be followed by another one.
let last: { source: string; client: Client; generation: number; session: Session } | undefined;

/**
 * Gives a session the marks, comments and other edits of the one that it replaces, which
 * was opened on the same capture with other options, and closes that one.
 */
async function replaceLast({ source, ...occasion }: Occasion, session: Session): Promise<void> {
  const before = last;
  last = { ...occasion, source, session };
  const isSame =
    before?.source === source &&
    before.client === occasion.client &&
    before.generation === occasion.generation;
  if (!isSame) {
    if (before) left = [...left, before.session];
    return;
  }
  const { session: api } = occasion.client.services;
  try {
    const { edits } = await api.getSessionEdits({ name: before.session.name });
    if (edits.length > 0) await api.editSession({ name: session.name, edits });
    await before.session.close();
  } catch (error) {
    // It was closed already, and its edits are gone with it.
    if (!(error instanceof NotFoundError)) throw error;
  }
}

const LEFT_KEY = "dissectd.session";

/** Closes the session that this tab had before it was reloaded. */
async function closeFromBefore(asked: Client): Promise<void> {
  const name = last === undefined ? sessionStorage.getItem(LEFT_KEY) : null;
  if (name) await asked.services.session.closeSession({ name }).catch(() => undefined);
  sessionStorage.removeItem(LEFT_KEY);
}

// The captures that the page showed before, the latest one last. They stay open with their
// marks and comments for as long as the daemon has room for them.
let left: readonly Session[] = [];

/** Opens a session, and closes one that the page doesn't show any more if it must. */
async function openOrMakeRoom(occasion: Occasion): Promise<Session> {
  const { client: asked, source, dissection } = occasion;
  try {
    return await asked.open(sourceOf(source), { dissection });
  } catch (error) {
    const [oldest, ...others] = left;
    const isFull =
      error instanceof DissectdError &&
      (error.reason === "TOO_MANY_SESSIONS" || error.reason === "TOO_MANY_SESSIONS_OF_CALLER");
    if (!isFull || !oldest) throw error;
    left = others;
    await oldest.close().catch(noteError);
    return openOrMakeRoom(occasion);
  }
}

function show(capture: OpenCapture, signal: AbortSignal): void {
  if (!signal.aborted) current.value = capture;
}

async function open(occasion: Occasion, signal: AbortSignal): Promise<void> {
  const { source } = occasion;
  try {
    await closeFromBefore(occasion.client);
    const opened = await openOrMakeRoom(occasion);
    if (signal.aborted) {
      await opened.close();
      return;
    }
    sessionStorage.setItem(LEFT_KEY, opened.name);
    await replaceLast(occasion, opened);
    show({ state: "open", source, session: opened }, signal);
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
    current.value = source ? { state: "opening", source } : { state: "none" };
    if (source) void open(now, abort.signal);
    return (): void => {
      abort.abort();
    };
  });
}
