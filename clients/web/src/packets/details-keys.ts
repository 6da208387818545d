// SPDX-License-Identifier: Apache-2.0

/** The keys of Wireshark's packet details. */
import type { Node } from "@dissectd/client";
import { selectedIndex, selectNode } from "./current-frame.js";
import { linkedFrame } from "./menus.js";
import { selectFrame } from "./place.js";
import { hasChildren, isOpen, parentOf, setAllOpen, setOpen, setSubtreeOpen } from "./tree.js";

type Nodes = readonly Node[];

function goUp(nodes: Nodes, index: number): void {
  const parent = parentOf(nodes, index);
  if (parent >= 0) selectNode(parent);
}

/** Opens a node, or goes to its first child. */
function right(event: KeyboardEvent, nodes: Nodes, index: number): void {
  if (event.ctrlKey) setAllOpen(nodes, true);
  else if (event.shiftKey) setSubtreeOpen(nodes, index, true);
  else if (!isOpen(nodes, index)) setOpen(nodes, index, true);
  else if (hasChildren(nodes, index)) selectNode(index + 1);
}

/** Closes a node, or goes to the one above. */
function left(event: KeyboardEvent, nodes: Nodes, index: number): void {
  if (event.ctrlKey) setAllOpen(nodes, false);
  else if (event.shiftKey) setSubtreeOpen(nodes, index, false);
  else if (hasChildren(nodes, index) && isOpen(nodes, index)) setOpen(nodes, index, false);
  else goUp(nodes, index);
}

/** Follows a link, or opens or closes the node. */
function enter(nodes: Nodes, index: number): void {
  const node = nodes[index];
  const linked = node && linkedFrame(node);
  if (linked === undefined) setOpen(nodes, index, !isOpen(nodes, index));
  else selectFrame(linked, { isJump: true });
}

/** Does what a key stands for. Returns whether it stands for anything. */
export function moveInTree(
  event: KeyboardEvent,
  nodes: Nodes,
  visible: readonly number[],
  visibleRows: number,
): boolean {
  const index = selectedIndex.value;
  const row = visible.indexOf(index);
  const select = (to: number): void => {
    selectNode(visible[Math.min(visible.length - 1, Math.max(0, to))] ?? -1);
  };
  const actions: Readonly<Record<string, () => void>> = {
    ArrowRight: () => {
      right(event, nodes, index);
    },
    ArrowLeft: () => {
      left(event, nodes, index);
    },
    Backspace: () => {
      goUp(nodes, index);
    },
    Enter: () => {
      enter(nodes, index);
    },
    " ": () => {
      setOpen(nodes, index, !isOpen(nodes, index));
    },
    ArrowDown: () => {
      select(row + 1);
    },
    ArrowUp: () => {
      select(row - 1);
    },
    PageDown: () => {
      select(row + visibleRows);
    },
    PageUp: () => {
      select(row - visibleRows);
    },
    Home: () => {
      select(0);
    },
    End: () => {
      select(visible.length - 1);
    },
  };
  const action = actions[event.key];
  const isSideways = event.key === "ArrowRight" || event.key === "ArrowLeft";
  // With Ctrl, the other keys move in the packet list.
  if (!action || event.altKey || (event.ctrlKey && !isSideways)) return false;
  action();
  return true;
}
