// SPDX-License-Identifier: Apache-2.0

/** The keys that work wherever the focus is, as Wireshark's menus have them. */
import { attempt } from "../app/notices.js";
import { focusFilter } from "../filter/focus.js";
import { shownFrame, untilShown } from "./current-frame.js";
import { openDialog } from "./dialogs.js";
import { toggleAt } from "./edits.js";
import { conversationFilters } from "./filters.js";
import { findNext, isFindBarOpen } from "./find.js";
import { moveBy } from "./frame-list.js";
import { commentsOf } from "./menus.js";
import { selectedFrame } from "./place.js";
import { currentPosition } from "./shown-list.js";

/** Goes to the next packet of the same conversation, or to the one before. */
async function moveInConversation(backward: boolean): Promise<void> {
  const frame = await untilShown(selectedFrame.value);
  const value = conversationFilters(frame?.nodes ?? [])[0]?.filter;
  if (value !== undefined) await findNext({ case: "displayFilter", value }, backward);
}

function toggle(kind: "mark" | "ignore"): void {
  const position = currentPosition.value;
  if (position !== undefined) attempt(() => toggleAt(kind, position));
}

function openComments(): void {
  const frame = shownFrame.value;
  if (!frame) return;
  openDialog.value = { kind: "comments", frame: frame.number, comments: commentsOf(frame) };
}

const move = (rows: number) => (): void => {
  attempt(() => moveBy(rows));
};

const ACTIONS: Readonly<Record<string, () => void>> = {
  "Ctrl+ArrowDown": move(1),
  "Ctrl+ArrowUp": move(-1),
  F8: move(1),
  F7: move(-1),
  "Ctrl+.": () => {
    attempt(() => moveInConversation(false));
  },
  "Ctrl+,": () => {
    attempt(() => moveInConversation(true));
  },
  "Ctrl+f": () => {
    isFindBarOpen.value = true;
  },
  "Ctrl+g": () => {
    openDialog.value = { kind: "go-to" };
  },
  "Ctrl+m": () => {
    toggle("mark");
  },
  "Ctrl+d": () => {
    toggle("ignore");
  },
  "Ctrl+Alt+c": openComments,
  "/": focusFilter,
};

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.matches("input, textarea, select");
}

/** Listens to the keys while the packets are shown. */
export function followKeys(): () => void {
  const listen = (event: KeyboardEvent): void => {
    const { key, ctrlKey, metaKey, altKey } = event;
    const modifiers = `${ctrlKey || metaKey ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}`;
    const action = ACTIONS[`${modifiers}${key.length === 1 ? key.toLowerCase() : key}`];
    const isForPage = !document.querySelector("dialog[open], [role=menu]");
    if (!action || !isForPage || (modifiers === "" && isTyping(event))) return;
    event.preventDefault();
    action();
  };
  addEventListener("keydown", listen);
  return (): void => {
    removeEventListener("keydown", listen);
  };
}
