// SPDX-License-Identifier: Apache-2.0

/** The captures that this browser has opened, as Wireshark's menu "Open Recent" has them. */
import { computed, effect, signal } from "@preact/signals";
import { openCapture } from "../daemon/open-capture.js";
import { server } from "../daemon/servers.js";

export interface Recent {
  /** The URL of the server that has it. */
  readonly server: string;
  /** The resource name. */
  readonly source: string;
  /** When it was opened, in milliseconds since 1970. */
  readonly time: number;
}

const KEY = "dissectd.recent";
const MOST = 30;

function isRecent(value: unknown): value is Recent {
  return (
    typeof value === "object" &&
    value !== null &&
    "server" in value &&
    typeof value.server === "string" &&
    "source" in value &&
    typeof value.source === "string" &&
    "time" in value &&
    typeof value.time === "number"
  );
}

function stored(): Recent[] {
  try {
    const values: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(values) ? values.filter(isRecent) : [];
  } catch {
    return [];
  }
}

const all = signal<readonly Recent[]>(stored());

function store(values: readonly Recent[]): void {
  all.value = values;
  localStorage.setItem(KEY, JSON.stringify(values));
}

/** Those of the server that the page is about, the last one first. */
export const recent = computed(() => all.value.filter((each) => each.server === server.value.url));

function isSame(a: Omit<Recent, "time">, b: Omit<Recent, "time">): boolean {
  return a.server === b.server && a.source === b.source;
}

/** Puts a capture in front of the others. */
export function remember(source: string, time = Date.now()): void {
  const entry = { server: server.value.url, source, time };
  store([entry, ...all.value.filter((each) => !isSame(each, entry))].slice(0, MOST));
}

/** Takes a capture from the list, for example as it is deleted. */
export function forget(source: string): void {
  const entry = { server: server.value.url, source };
  store(all.value.filter((each) => !isSame(each, entry)));
}

export function forgetAll(): void {
  store(all.value.filter((each) => each.server !== server.value.url));
}

/** Remembers each capture that is opened from now on. */
export function followOpened(): void {
  effect(() => {
    const opened = openCapture.value;
    if (opened.state === "open")
      queueMicrotask(() => {
        remember(opened.source);
      });
  });
}
