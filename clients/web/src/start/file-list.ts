// SPDX-License-Identifier: Apache-2.0

/** The files of the store, page by page. */
import type { File } from "@dissectd/client/api";
import { client } from "../daemon/connection.js";
import { pathOf } from "./texts.js";

/** How many files are shown at first, and are added each time. */
export const STEP = 50;
const PAGE = 1000;

export interface FileList {
  readonly files: readonly File[];
  /** Whether the store has more that match. */
  readonly hasMore: boolean;
}

/** Whether the path of a file contains a text, in any case. */
export function matches({ name }: Pick<File, "name">, text: string): boolean {
  return pathOf(name).toLowerCase().includes(text.toLowerCase());
}

/**
 * Returns the first files whose paths contain a text. The daemon sorts and pages them; it
 * doesn't search in names, so that this asks for further pages until there are enough.
 */
export async function listFiles(
  text: string,
  most: number,
  signal: AbortSignal,
): Promise<FileList> {
  const files: File[] = [];
  let pageToken = "";
  do {
    const request = { pageToken, pageSize: text ? PAGE : most };
    const page = await client.value.services.file.listFiles(request, { signal });
    files.push(...page.files.filter((file) => matches(file, text)));
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && files.length <= most);
  return { files: files.slice(0, most), hasMore: pageToken !== "" || files.length > most };
}
