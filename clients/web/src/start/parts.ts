// SPDX-License-Identifier: Apache-2.0

/**
 * Uploads of which the daemon has a part, so that they go on when the user chooses the file
 * again after the page was closed. The browser doesn't let a page open files by itself.
 */
import { computed, signal } from "@preact/signals";
import { server } from "../daemon/servers.js";

export interface Part {
  /** The URL of the server that has it. */
  readonly server: string;
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  /** The resource name of the upload. */
  readonly upload: string;
  /** The bytes that the server has. */
  readonly bytes: number;
}

const KEY = "dissectd.uploads";

type LocalFacts = Pick<File, "name" | "size" | "lastModified">;

function stored(): Part[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]") as Part[];
  } catch {
    return [];
  }
}

const all = signal<readonly Part[]>(stored());

/** The parts that the server of the page has. */
export const parts = computed(() => all.value.filter((each) => each.server === server.value.url));

export function isOf({ name, size, lastModified }: LocalFacts, part: Part): boolean {
  return part.name === name && part.size === size && part.lastModified === lastModified;
}

function store(values: readonly Part[]): void {
  all.value = values;
  localStorage.setItem(KEY, JSON.stringify(values));
}

function withoutPart(of: LocalFacts, url: string): Part[] {
  return all.value.filter((each) => each.server !== url || !isOf(of, each));
}

/** Returns the part that a server has of a file. */
export function partOf(file: LocalFacts, url: string): Part | undefined {
  return all.value.find((each) => each.server === url && isOf(file, each));
}

export function rememberPart(file: LocalFacts, url: string, upload: string, bytes: number): void {
  const { name, size, lastModified } = file;
  store([...withoutPart(file, url), { server: url, name, size, lastModified, upload, bytes }]);
}

export function forgetPart(file: LocalFacts, url: string): void {
  store(withoutPart(file, url));
}
