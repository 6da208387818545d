// SPDX-License-Identifier: Apache-2.0

/** The frame that is selected, with its tree and its bytes. */
import { computed, effect, signal } from "@preact/signals";
import type { DataSource, Node, Session } from "@dissectd/client";
import { noteError } from "../daemon/connection.js";
import { reopenAfter, revision, session } from "../daemon/open-capture.js";
import { selectedFrame } from "./place.js";
import { expandAbove, isSameField } from "./tree.js";

export interface DissectedFrame {
  readonly number: number;
  /** The nodes of its tree, each before its children. */
  readonly nodes: readonly Node[];
  readonly sources: readonly DataSource[];
}

export type CurrentFrame =
  | { readonly state: "none" }
  | { readonly state: "shown"; readonly frame: DissectedFrame }
  | { readonly state: "failed"; readonly number: number; readonly error: unknown };

const HIDDEN_KEY = "dissectd.hidden-fields";

const current = signal<CurrentFrame>({ state: "none" });
export const currentFrame = computed(() => current.value);

/** The frame if it could be dissected. */
export const shownFrame = computed(() =>
  current.value.state === "shown" ? current.value.frame : undefined,
);

/** Whether the details have fields that Wireshark hides, such as `ip.addr`. */
export const showsHidden = signal(localStorage.getItem(HIDDEN_KEY) === "true");
effect(() => {
  localStorage.setItem(HIDDEN_KEY, String(showsHidden.value));
});

/** The index of the node that is selected; -1 if none is. */
export const selectedIndex = signal(-1);

export const selectedNode = computed(() => shownFrame.value?.nodes[selectedIndex.value]);

/** The data source whose bytes are shown, from 0. */
export const selectedSource = signal(0);

/** The byte where the cursor is in the bytes; undefined until a byte or a node is chosen. */
export const cursorByte = signal<number | undefined>(undefined);

/** Selects a node and shows its bytes. */
export function selectNode(index: number): void {
  selectedIndex.value = index;
  const node = shownFrame.value?.nodes[index];
  if (!node || node.sourceNumber === 0) return;
  selectedSource.value = node.sourceNumber - 1;
  cursorByte.value = node.start;
}

/** Selects the innermost node that has a byte, and opens what is above it. */
export function selectByte(offset: number): void {
  const nodes = shownFrame.value?.nodes ?? [];
  cursorByte.value = offset;
  const source = selectedSource.value + 1;
  let best = -1;
  nodes.forEach(({ sourceNumber, start, length }, index) => {
    if (sourceNumber !== source || offset < start || offset >= start + length) return;
    const other = nodes[best];
    if (!other || length <= other.length) best = index;
  });
  selectedIndex.value = best;
  if (best >= 0) expandAbove(nodes, best);
}

function show(frame: DissectedFrame): void {
  const selected = selectedNode.value;
  current.value = { state: "shown", frame };
  // The field stays selected, as in Wireshark.
  const same = selected ? frame.nodes.findIndex((node) => isSameField(node, selected)) : -1;
  selectedSource.value = 0;
  cursorByte.value = undefined;
  selectNode(same);
}

interface Wanted {
  readonly session: Session;
  readonly number: number;
  readonly hidden: boolean;
  readonly revision: number;
}

async function load({ session: from, number, hidden }: Wanted): Promise<DissectedFrame> {
  const parts = { tree: true, bytes: "all", hidden } as const;
  const frame = await from.frame(number, parts);
  return { number, nodes: [...frame.tree], sources: frame.sources };
}

let next: Wanted | undefined;
let isLoading = false;
// The capture whose frames are shown; undefined while nobody sees the packets.
let shownSession: Session | undefined;

/** Loads what was wanted last. Frames that somebody has only passed are left out. */
async function loadNext(): Promise<void> {
  if (isLoading) return;
  isLoading = true;
  while (next) {
    const asked = next;
    const { session: from, number } = asked;
    next = undefined;
    try {
      const frame = await load(asked);
      // The user may have gone to another capture, which may be empty.
      if (from === shownSession) show(frame);
    } catch (error) {
      noteError(error);
      if (from !== shownSession || reopenAfter(error)) continue;
      current.value = { state: "failed", number, error };
    }
  }
  isLoading = false;
}

/** Follows the selection while the packets are shown. */
export function followFrame(): () => void {
  const end = effect(() => {
    const from = session.value;
    const number = selectedFrame.value;
    const hidden = showsHidden.value;
    // What was read again has other trees.
    const { value } = revision;
    shownSession = from;
    next = from && number > 0 ? { session: from, number, hidden, revision: value } : undefined;
    if (next) void loadNext();
    else if (!from) current.value = { state: "none" };
  });
  return (): void => {
    end();
    shownSession = undefined;
    next = undefined;
    current.value = { state: "none" };
  };
}

/** Returns the frame of a number once it is shown; undefined if another one is selected. */
export function untilShown(number: number): Promise<DissectedFrame | undefined> {
  return new Promise((resolve) => {
    const end = effect(() => {
      const now = current.value;
      const isShown = now.state === "shown" && now.frame.number === number;
      const isFailed = now.state === "failed" && now.number === number;
      if (!isShown && !isFailed && selectedFrame.value === number) return;
      resolve(isShown ? now.frame : undefined);
      // The effect can't end itself while it runs first.
      queueMicrotask(() => {
        end();
      });
    });
  });
}
