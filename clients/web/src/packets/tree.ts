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

/** The index of the node above each one, and the index behind the last one below it. */
interface Shape {
  readonly parents: Int32Array;
  readonly ends: Int32Array;
}

// Packets may have a hundred thousand nodes, and looking for a parent passes the siblings.
const shapes = new WeakMap<Nodes, Shape>();

function measured(nodes: Nodes): Shape {
  const parents = new Int32Array(nodes.length);
  const ends = new Int32Array(nodes.length).fill(nodes.length);
  const above: number[] = [];
  nodes.forEach(({ depth }, index) => {
    while (above.length > 0 && (nodes[above.at(-1) ?? 0]?.depth ?? 0) >= depth) {
      ends[above.pop() ?? 0] = index;
    }
    parents[index] = above.at(-1) ?? -1;
    above.push(index);
  });
  return { parents, ends };
}

function shapeOf(nodes: Nodes): Shape {
  const known = shapes.get(nodes);
  if (known) return known;
  const shape = measured(nodes);
  shapes.set(nodes, shape);
  return shape;
}

/** Returns the index of the node above; -1 if there is none. */
export function parentOf(nodes: Nodes, index: number): number {
  return shapeOf(nodes).parents[index] ?? -1;
}

/** Returns the index behind the last node below one. */
export function endOf(nodes: Nodes, index: number): number {
  return shapeOf(nodes).ends[index] ?? index + 1;
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
