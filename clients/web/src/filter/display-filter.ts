// SPDX-License-Identifier: Apache-2.0

/** What inputs for display filters ask the daemon that the page is about. */
import { client } from "../daemon/connection.js";
import { checkDisplayFilter, type FilterCheck } from "./check.js";
import { completeDisplayFilter, type Completion } from "./completion.js";

export function checkFilter(text: string): Promise<FilterCheck> {
  return checkDisplayFilter(client.value, text);
}

export async function completeFilter(text: string, cursor: number): Promise<readonly Completion[]> {
  return text.trim() === "" ? [] : completeDisplayFilter(client.value, text, cursor);
}
