// SPDX-License-Identifier: Apache-2.0

/** Times and names as the start page shows them. */
import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import { visible } from "../ui/visible.js";

const TIME = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });

/** Returns a local time such as `2026-03-01 12:30:05`. */
export function dateTime(date: Date): string {
  return TIME.format(date);
}

export function timeOf(time: Timestamp | undefined): string {
  return time ? dateTime(timestampDate(time)) : "";
}

/** Returns a local time without seconds, for tables; such texts sort as times do. */
export function minuteOf(time: Timestamp | undefined): string {
  return timeOf(time).slice(0, -3);
}

/** Returns the path of a file in the store, with all of its characters to be seen. */
export function pathOf(name: string): string {
  return visible(name.replace(/^files\//, ""));
}

/** Returns the last part of a name, which is the file's own. */
export function baseName(name: string): string {
  return visible(name.slice(name.lastIndexOf("/") + 1));
}

/** Returns the folder of a file in the store; empty at the top. */
export function folderOf(name: string): string {
  const path = pathOf(name);
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
