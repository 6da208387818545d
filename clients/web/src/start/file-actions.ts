// SPDX-License-Identifier: Apache-2.0

/** What users do with files of the store. */
import type { File } from "@dissectd/client/api";
import { navigate } from "../app/address.js";
import { attempt, showDone } from "../app/notices.js";
import { client } from "../daemon/connection.js";
import { download } from "../ui/download.js";
import { askFirst } from "../ui/question.js";
import { forget } from "./recent.js";
import { baseName, pathOf } from "./texts.js";
import { filesChanged } from "./uploads.js";

export function openFile({ name }: Pick<File, "name">): void {
  navigate({ view: "packets", source: name, query: {} });
}

/** Saves a file as one of the user. */
export function downloadFile({ name }: File): void {
  attempt(async () => {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const part of client.value.file(name).read()) {
      parts.push(part as Uint8Array<ArrayBuffer>);
    }
    download(baseName(name), new Blob(parts));
  });
}

/** Asks, and deletes a file. */
export function deleteFile({ name }: File): void {
  askFirst({
    title: "Delete file?",
    text: `${pathOf(name)} will be deleted for everybody. This can't be undone.`,
    agree: "Delete",
    action: () => {
      attempt(async () => {
        await client.value.file(name).delete();
        forget(name);
        filesChanged.value++;
        showDone(`${baseName(name)} is deleted.`);
      });
    },
  });
}
