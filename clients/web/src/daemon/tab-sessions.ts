// SPDX-License-Identifier: Apache-2.0

/**
 * Which sessions the tabs of this browser have open. A tab that is closed can't close its
 * sessions, so that others do when they need the room. Each tab holds a lock for each of its
 * sessions, which the browser gives up with the tab.
 */

/** A session that this tab shows, or showed before it was reloaded. */
export interface TabSession {
  readonly name: string;
  readonly source: string;
  /** The URL of the server that has it. */
  readonly server: string;
}

const ALL_KEY = "dissectd.sessions";
const LAST_KEY = "dissectd.session";

const releases = new Map<string, () => void>();

// Pages that came without TLS from other machines have none.
function locks(): LockManager | undefined {
  return (navigator as { locks?: LockManager }).locks;
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/** Returns the servers of all sessions that are known, by the sessions' names. */
function known(): Readonly<Record<string, string>> {
  const stored = parsed(localStorage.getItem(ALL_KEY));
  return typeof stored === "object" && stored !== null ? { ...stored } : {};
}

function lockOf(session: string): string {
  return `dissectd ${session}`;
}

/** Notes that this tab has opened a session, which it shows from now on. */
export function noteOpened(session: TabSession): void {
  const { name, server } = session;
  sessionStorage.setItem(LAST_KEY, JSON.stringify(session));
  const manager = locks();
  if (!manager) return;
  localStorage.setItem(ALL_KEY, JSON.stringify({ ...known(), [name]: server }));
  void manager.request(
    lockOf(name),
    () =>
      new Promise<void>((resolve) => {
        releases.set(name, resolve);
      }),
  );
}

/** Notes that a session is closed. */
export function noteClosed(name: string): void {
  const others = Object.entries(known()).filter(([session]) => session !== name);
  localStorage.setItem(ALL_KEY, JSON.stringify(Object.fromEntries(others)));
  releases.get(name)?.();
  releases.delete(name);
}

/** Returns the session that this tab showed before it was reloaded. */
export function lastOfTab(): TabSession | undefined {
  const stored = parsed(sessionStorage.getItem(LAST_KEY)) as Partial<TabSession> | null;
  const { name, source, server } = stored ?? {};
  return name && source && server ? { name, source, server } : undefined;
}

/** Returns the names of a server's sessions whose tabs were closed. */
export async function abandoned(server: string): Promise<string[]> {
  const held = (await locks()?.query())?.held ?? [];
  const names = new Set(held.map(({ name }) => name));
  return Object.entries(known())
    .filter(([session, url]) => url === server && !names.has(lockOf(session)))
    .map(([session]) => session);
}
