// SPDX-License-Identifier: Apache-2.0

/** Finding packets, as Wireshark's find bar does. */
import { signal } from "@preact/signals";
import type { Search } from "@dissectd/client";
import { showDone } from "../app/notices.js";
import { reopenAfter, session } from "../daemon/open-capture.js";
import { displayFilter, selectedFrame, selectFrame } from "./place.js";

/** What to look for, in Wireshark's words. */
export const FIND_KINDS = ["Display filter", "Hex value", "String"] as const;
export type FindKind = (typeof FIND_KINDS)[number];

/** Where to look for a string. */
export const FIND_PLACES = ["Packet list", "Packet details", "Packet bytes"] as const;
export type FindPlace = (typeof FIND_PLACES)[number];

export interface Find {
  readonly kind: FindKind;
  readonly place: FindPlace;
  readonly text: string;
  readonly caseSensitive: boolean;
}

export const isFindBarOpen = signal(false);

/**
 * Returns bytes written as hexadecimal digits, with or without separators.
 *
 * @throws TypeError if the text is something else.
 */
export function parseHex(text: string): Uint8Array<ArrayBuffer> {
  const digits = text.replace(/0x/gi, "").replace(/[\s:.,-]/g, "");
  if (digits === "" || digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits)) {
    throw new TypeError(`"${text}" are no bytes. Write them like this: 0a:ff:10`);
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Returns the question that a search asks the daemon. */
export function searchOf({ kind, place, text }: Find): Search {
  if (kind === "Display filter") return { case: "displayFilter", value: text };
  if (kind === "Hex value") return { case: "bytes", value: parseHex(text) };
  if (place === "Packet details") return { case: "textInDetails", value: text };
  if (place === "Packet list") return { case: "textInColumns", value: text };
  return { case: "bytes", value: new TextEncoder().encode(text) };
}

/** Goes to the next frame that matches, from the other end if there is none on this side. */
export async function findNext(
  search: Search,
  backward: boolean,
  ignoreCase = false,
): Promise<void> {
  const asked = session.value;
  if (!asked) return;
  const options = { backward, ignoreCase, within: displayFilter.value };
  try {
    const after = selectedFrame.value;
    const next = await asked.find(search, { ...options, after });
    const found = next ?? (after > 0 ? await asked.find(search, options) : undefined);
    if (found === undefined) showDone("No packet matches.");
    else if (found === after) showDone("No other packet matches.");
    else {
      if (next === undefined) {
        showDone(backward ? "Went on from the last packet." : "Went on from the first packet.");
      }
      selectFrame(found);
    }
  } catch (error) {
    if (!reopenAfter(error)) throw error;
  }
}
