// SPDX-License-Identifier: Apache-2.0

/** Wireshark's preferences as text, which also says what they are with options. */
import type { Client } from "@dissectd/client/web";
import { type DissectionOptions, messageOf } from "./dissection-options.js";

/** Returns all preferences as they are with the options. */
export async function exportPreferences(
  asked: Client,
  options: DissectionOptions,
  signal?: AbortSignal,
): Promise<string> {
  const { preference } = asked.services;
  const request = { options: messageOf(options) };
  const { text } = await preference.exportPreferences(request, signal ? { signal } : {});
  return new TextDecoder().decode(text);
}

/** Finds a value, which may have several lines. Values at their default are comments. */
export function valueInFile(text: string, name: string): string | undefined {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^#?${escaped}:[ ]?(.*(?:\\n#?[ \\t].*)*)`, "m")
    .exec(text)?.[1]
    ?.replace(/^#/gm, "");
}
