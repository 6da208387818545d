// SPDX-License-Identifier: Apache-2.0

/** What a list of packets is filtered and sorted by. */
export interface Question {
  readonly filter: string;
  /** Empty for the order of the capture. */
  readonly sort: string;
}

export type ListWork = "filtering" | "sorting" | "none";

/** Tells what the daemon does to make a list from what is shown. */
export function workFor(list: Question, before: Question = { filter: "", sort: "" }): ListWork {
  if (list.filter !== before.filter) return "filtering";
  return list.sort === before.sort ? "none" : "sorting";
}
