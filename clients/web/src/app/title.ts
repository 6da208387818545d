// SPDX-License-Identifier: Apache-2.0

/** The title of the page, by which tabs are told apart. */
import { effect } from "@preact/signals";
import { address, type View } from "./address.js";

const VIEW_TITLES: Readonly<Record<View, string>> = {
  start: "",
  packets: "",
  live: "Live",
  statistics: "Statistics",
};

/** Keeps the title that of what is shown. */
export function followTitle(): void {
  effect(() => {
    const { view, source } = address.value;
    const capture = source.split("/").at(-1) ?? "";
    const parts = [VIEW_TITLES[view], capture, "dissectd"];
    document.title = parts.filter((part) => part !== "").join(" – ");
  });
}
