// SPDX-License-Identifier: Apache-2.0

/** The daemon's captures, with the sizes of their files. */
import type { Capture } from "@dissectd/client/api";
import { PermissionError } from "@dissectd/client";
import { client } from "../daemon/connection.js";
import { listCaptures } from "../live/captures.js";

export interface ListedCapture {
  readonly capture: Capture;
  /** The bytes of its files; undefined if the caller may not see them. */
  readonly bytes: number | undefined;
}

const PAGE = 1000;

/** Returns the bytes of the files of each capture, by its resource name. */
async function sizes(signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  let pageToken = "";
  do {
    const request = { prefix: "captures/", pageSize: PAGE, pageToken };
    const page = await client.value.services.file.listFiles(request, { signal });
    for (const { name, sizeBytes } of page.files) {
      const capture = name.split("/").slice(1, 3).join("/");
      found.set(capture, (found.get(capture) ?? 0) + Number(sizeBytes));
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return found;
}

/** Returns all captures, the last one first. */
export async function capturesWithSizes(signal: AbortSignal): Promise<ListedCapture[]> {
  const captures = await listCaptures(signal);
  if (captures.length === 0) return [];
  const bytes = await sizes(signal).catch((error: unknown) => {
    if (error instanceof PermissionError) return undefined;
    throw error;
  });
  return captures
    .map((capture) => ({ capture, bytes: bytes && (bytes.get(capture.name) ?? 0) }))
    .toReversed();
}
