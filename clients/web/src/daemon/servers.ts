// SPDX-License-Identifier: Apache-2.0

/** The daemons that this browser knows, each at the URL of its gateway. */
import { computed, signal } from "@preact/signals";

export interface Server {
  /** What the user calls it. */
  readonly name: string;
  /** The URL of its gateway, without a slash at the end. */
  readonly url: string;
}

const KEY = "dissectd.servers";
const CHOICE_KEY = "dissectd.server";

/** The gateway that has served the page. */
const HERE: Server = { name: "this server", url: location.origin };

function isServer(value: unknown): value is Server {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    typeof value.name === "string" &&
    "url" in value &&
    typeof value.url === "string"
  );
}

function stored(): Server[] {
  try {
    const values: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(values) ? values.filter(isServer) : [];
  } catch {
    return [];
  }
}

const added = signal(stored());
const choice = signal(localStorage.getItem(CHOICE_KEY) ?? HERE.url);

export const servers = computed(() => [HERE, ...added.value]);

/** The daemon that the page is about. */
export const server = computed(() => servers.value.find(({ url }) => url === choice.value) ?? HERE);

export function chooseServer({ url }: Server): void {
  choice.value = url;
  localStorage.setItem(CHOICE_KEY, url);
}

/**
 * Adds a daemon, or renames it.
 *
 * @throws TypeError if the URL isn't one of a gateway.
 */
export function addServer(name: string, url: string): Server {
  const { origin, protocol } = new URL(url.trim());
  if (protocol !== "https:" && protocol !== "http:") {
    throw new TypeError(`"${url}" isn't the URL of a gateway, such as https://lab.example:8443.`);
  }
  const entry = { name: name.trim() || origin, url: origin };
  added.value = [...added.value.filter((other) => other.url !== origin), entry];
  localStorage.setItem(KEY, JSON.stringify(added.value));
  return entry;
}

/** Whether the user has added it, and so can remove it. */
export function isAdded({ url }: Server): boolean {
  return added.value.some((other) => other.url === url);
}

export function removeServer({ url }: Server): void {
  added.value = added.value.filter((other) => other.url !== url);
  localStorage.setItem(KEY, JSON.stringify(added.value));
}
