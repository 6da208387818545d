// SPDX-License-Identifier: Apache-2.0

/** The uploads of the page. They go on while another view is shown. */
import { effect, signal } from "@preact/signals";
import { NotFoundError, UnavailableError, type UploadProgress } from "@dissectd/client";
import type { Client } from "@dissectd/client/web";
import { client, generation, noteError } from "../daemon/connection.js";
import { server } from "../daemon/servers.js";
import { forgetPart, partOf, rememberPart } from "./parts.js";

export type UploadState = "waiting" | "sending" | "paused" | "failed" | "done";

export interface UploadItem {
  readonly key: number;
  readonly file: File;
  /** The URL of the server that gets it. */
  readonly server: string;
  readonly state: UploadState;
  /** The bytes that the server has. */
  readonly bytes: number;
  /** Why it failed. */
  readonly error?: unknown;
  /** The resource name of the file in the store, once it is there. */
  readonly stored?: string;
}

const items = signal<readonly UploadItem[]>([]);
const aborts = new Map<number, AbortController>();
let lastKey = 0;

/** All uploads since the page was opened, the first one first. */
export const uploads = items;

/** Counts how often files have appeared or disappeared by what the user of the page did. */
export const filesChanged = signal(0);

function change(key: number, changes: Partial<UploadItem>): void {
  items.value = items.value.map((item) => (item.key === key ? { ...item, ...changes } : item));
}

function itemOf(key: number): UploadItem | undefined {
  return items.value.find((item) => item.key === key);
}

/** Adds files, which are sent one after the other. */
export function addUploads(files: Iterable<File>): void {
  const url = server.value.url;
  const added = [...files].map((file): UploadItem => {
    const bytes = partOf(file, url)?.bytes ?? 0;
    return { key: ++lastKey, file, server: url, state: "waiting", bytes };
  });
  items.value = [...items.value, ...added];
  sendNext();
}

function sendNext(): void {
  const url = server.value.url;
  const ours = items.value.filter((item) => item.server === url);
  if (ours.some(({ state }) => state === "sending")) return;
  const next = ours.find(({ state }) => state === "waiting");
  if (next) void send(next, client.value);
}

async function send({ key, file, server: url }: UploadItem, to: Client): Promise<void> {
  const abort = new AbortController();
  aborts.set(key, abort);
  change(key, { state: "sending" });
  const onProgress = ({ upload, bytes }: UploadProgress): void => {
    change(key, { bytes });
    rememberPart(file, url, upload, bytes);
  };
  const resume = partOf(file, url)?.upload;
  try {
    const { name } = await to.upload(file, {
      onProgress,
      keepUnfinished: true,
      signal: abort.signal,
      ...(resume !== undefined && { resume }),
    });
    forgetPart(file, url);
    change(key, { state: "done", stored: name, bytes: file.size });
    filesChanged.value++;
  } catch (error) {
    if (!abort.signal.aborted) noteFailure(key, error);
  } finally {
    if (aborts.get(key) === abort) aborts.delete(key);
    sendNext();
  }
}

function noteFailure(key: number, error: unknown): void {
  noteError(error);
  const item = itemOf(key);
  // The daemon has forgotten the part, so that there is nothing to go on with.
  if (item && error instanceof NotFoundError) forgetPart(item.file, item.server);
  change(key, { state: "failed", error });
}

export function pauseUpload(key: number): void {
  change(key, { state: "paused" });
  aborts.get(key)?.abort();
}

/** Goes on with an upload that was paused or has failed. */
export function resumeUpload(key: number): void {
  change(key, { state: "waiting" });
  sendNext();
}

/** Ends an upload, and frees the space that its part takes. */
export async function cancelUpload(key: number): Promise<void> {
  const item = itemOf(key);
  aborts.get(key)?.abort();
  removeUpload(key);
  if (item) await forgetUpload(item.file, item.server);
}

/** Takes an upload from the list; a file that is stored stays. */
export function removeUpload(key: number): void {
  items.value = items.value.filter((item) => item.key !== key);
}

/** Deletes the part that a server has of a file. */
export async function forgetUpload(
  file: Pick<File, "name" | "size" | "lastModified">,
  url: string,
): Promise<void> {
  const upload = partOf(file, url)?.upload;
  forgetPart(file, url);
  if (upload === undefined || server.value.url !== url) return;
  try {
    await client.value.services.file.deleteUpload({ name: upload });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

/**
 * Goes on, from now on, with what broke off when the daemon is back, and with what waits for
 * a server when the user chooses it again.
 */
export function followReturns(): void {
  server.subscribe(() => {
    queueMicrotask(sendNext);
  });
  let last = generation.value;
  effect(() => {
    if (generation.value === last) return;
    last = generation.value;
    queueMicrotask(() => {
      for (const { key, state, error } of items.value) {
        if (state === "failed" && error instanceof UnavailableError) resumeUpload(key);
      }
    });
  });
}
