// SPDX-License-Identifier: Apache-2.0

/** Which nodes of a tree are open. Wireshark keeps that from frame to frame, by field. */
import { signal } from "@preact/signals";
import type { Node } from "@dissectd/client";
import { NodeFlag } from "@dissectd/client/api";

/** What is known of a node without its frame. */
type Nodes = readonly Pick<Node, "name" | "depth" | "label" | "is">[];

/** The keys of the nodes that are open. */
export const openKeys = signal<ReadonlySet<string>>(new Set());

/** Returns what a node has in common with the same one of other frames. */
export function keyOf(nodes: Nodes, index: number): string {
  const node = nodes[index];
  if (!node) return "";
  // Labels without a field are told apart by where they are.
  if (!node.is(NodeFlag.TEXT)) return node.name;
  const parent = nodes[parentOf(nodes, index)];
  return `${parent?.name ?? ""}/${String(node.depth)}`;
}

export function isSameField(a: Nodes[number], b: Nodes[number]): boolean {
  return a.name === b.name && a.depth === b.depth && (!a.is(NodeFlag.TEXT) || a.label === b.label);
}

export function hasChildren(nodes: Nodes, index: number): boolean {
  return (nodes[index + 1]?.depth ?? 0) > (nodes[index]?.depth ?? 0);
}

/** Returns the index of the node above; -1 if there is none. */
export function parentOf(nodes: Nodes, index: number): number {
  const depth = nodes[index]?.depth ?? 0;
  let parent = index - 1;
  while (parent >= 0 && (nodes[parent]?.depth ?? 0) >= depth) --parent;
  return parent;
}

/** Returns the index behind the last node below one. */
export function endOf(nodes: Nodes, index: number): number {
  const depth = nodes[index]?.depth ?? 0;
  let end = index + 1;
  while (end < nodes.length && (nodes[end]?.depth ?? 0) > depth) ++end;
  return end;
}

/** Returns the indexes of the nodes that can be seen. */
export function visibleNodes(nodes: Nodes, open: ReadonlySet<string>): number[] {
  const visible: number[] = [];
  let index = 0;
  while (index < nodes.length) {
    visible.push(index);
    const isClosed = hasChildren(nodes, index) && !open.has(keyOf(nodes, index));
    index = isClosed ? endOf(nodes, index) : index + 1;
  }
  return visible;
}

function change(keys: Iterable<string>, isOpen: boolean): void {
  const changed = new Set(openKeys.value);
  for (const key of keys) {
    if (isOpen) changed.add(key);
    else changed.delete(key);
  }
  openKeys.value = changed;
}

export function isOpen(nodes: Nodes, index: number): boolean {
  return openKeys.value.has(keyOf(nodes, index));
}

export function setOpen(nodes: Nodes, index: number, open: boolean): void {
  if (hasChildren(nodes, index)) change([keyOf(nodes, index)], open);
}

function keysOf(nodes: Nodes, first: number, end: number): string[] {
  const keys: string[] = [];
  for (let index = first; index < end; ++index) {
    if (hasChildren(nodes, index)) keys.push(keyOf(nodes, index));
  }
  return keys;
}

/** Opens or closes a node and everything below it. */
export function setSubtreeOpen(nodes: Nodes, index: number, open: boolean): void {
  change(keysOf(nodes, index, endOf(nodes, index)), open);
}

export function setAllOpen(nodes: Nodes, open: boolean): void {
  if (open) change(keysOf(nodes, 0, nodes.length), true);
  else openKeys.value = new Set();
}

/** Opens what is above a node, so that it can be seen. */
export function expandAbove(nodes: Nodes, index: number): void {
  const keys: string[] = [];
  for (let parent = parentOf(nodes, index); parent >= 0; parent = parentOf(nodes, parent)) {
    keys.push(keyOf(nodes, parent));
  }
  change(keys, true);
}
