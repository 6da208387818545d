// SPDX-License-Identifier: Apache-2.0

/** The connection to the daemon that the page is about. */
import { computed, signal } from "@preact/signals";
import { UnauthenticatedError, UnavailableError } from "@dissectd/client";
import { type Client, connect } from "@dissectd/client/web";
import type { GetServerInfoResponse } from "@dissectd/client/api";
import { server } from "./servers.js";

export type State = "connecting" | "online" | "offline" | "signed-out";

const TOKEN_KEY = "dissectd.token";
const ASK_AGAIN_MS = 2000;

// The token is gone when the tab is closed.
const tokens = signal<Readonly<Record<string, string>>>(
  JSON.parse(sessionStorage.getItem(TOKEN_KEY) ?? "{}") as Record<string, string>,
);

export function signIn(token: string): void {
  tokens.value = { ...tokens.value, [server.value.url]: token.trim() };
  sessionStorage.setItem(TOKEN_KEY, JSON.stringify(tokens.value));
}

export function signOut(): void {
  signIn("");
}

/** Whether the page sends a token of the user. */
export const hasToken = computed(() => Boolean(tokens.value[server.value.url]));

/** Calls the daemon. Another server or token makes another client. */
export const client = computed<Client>(() => {
  const token = tokens.value[server.value.url];
  return connect(server.value.url, token ? { token } : {});
});

const currentState = signal<State>("connecting");
const currentInfo = signal<GetServerInfoResponse | undefined>(undefined);
const failure = signal<unknown>(undefined);

/** Whether calls reach the daemon, as far as the page knows. */
export const state = computed(() => currentState.value);

/** What the daemon says about itself and the caller; undefined until it has answered. */
export const serverInfo = computed(() => currentInfo.value);

/** Why the daemon can't be reached; undefined if it can. */
export const connectionError = computed(() => failure.value);

/** Counts how often the daemon came back, so that what was lost with it is asked for again. */
export const generation = signal(0);

async function ask(): Promise<void> {
  const asked = client.value;
  try {
    const info = await asked.info();
    if (asked !== client.value) return;
    const wasLost = currentState.value === "offline";
    currentInfo.value = info;
    failure.value = undefined;
    currentState.value = "online";
    if (wasLost) generation.value++;
  } catch (error) {
    if (asked !== client.value) return;
    noteError(error);
    // Something between may have answered in place of the daemon, and nobody else asks again.
    if (currentState.value === "connecting") noteAway(error);
  }
}

function noteAway(error: unknown): void {
  currentState.value = "offline";
  failure.value = error;
}

/** Tells the connection of an error of a call, which may mean that the daemon is away. */
export function noteError(error: unknown): void {
  if (error instanceof UnauthenticatedError) currentState.value = "signed-out";
  else if (error instanceof UnavailableError) currentState.value = "offline";
  else return;
  failure.value = error;
}

/** Asks the daemon who it is, and while it is away again and again. */
export function keepConnected(): void {
  let last: Client | undefined;
  client.subscribe((current) => {
    if (last === current) return;
    last = current;
    currentState.value = "connecting";
    currentInfo.value = undefined;
    void ask();
  });
  setInterval(() => {
    if (currentState.value === "offline") void ask();
  }, ASK_AGAIN_MS);
}
