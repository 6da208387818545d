// SPDX-License-Identifier: Apache-2.0

import { useSignalEffect } from "@preact/signals";
import type { Node } from "@dissectd/client";
import { FieldType, NodeFlag, Severity } from "@dissectd/client/api";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { address, formatAddress } from "../app/address.js";
import { Failure } from "../ui/failure.js";
import { showMenu } from "../ui/menu.js";
import { visible } from "../ui/visible.js";
import { VirtualList, type VirtualListHandle } from "../ui/virtual-list.js";
import { FIELD_TYPE } from "./columns.js";
import { labelOf } from "./copy.js";
import {
  currentFrame,
  type DissectedFrame,
  selectedIndex,
  selectNode,
  shownFrame,
} from "./current-frame.js";
import { moveInTree } from "./details-keys.js";
import { linkedFrame, nodeMenu } from "./menus.js";
import { severityOf } from "./severity.js";
import { hasChildren, isOpen, openKeys, setOpen, visibleNodes } from "./tree.js";

const ROW_HEIGHT = 20;
const INDENT = 18;

const SEVERITY_CLASSES: Partial<Record<Severity, string>> = {
  [Severity.COMMENT]: "expert comment",
  [Severity.CHAT]: "expert chat",
  [Severity.NOTE]: "expert note",
  [Severity.WARNING]: "expert warning",
  [Severity.ERROR]: "expert error",
};

function nodeId(index: number): string {
  return `details-node-${String(index)}`;
}

function classOf(nodes: readonly Node[], index: number, node: Node): string {
  const expert = SEVERITY_CLASSES[severityOf(nodes, index)] ?? "";
  const protocol = node.depth === 0 && node.field.type === FieldType.PROTOCOL ? "protocol" : "";
  return `${expert} ${protocol} ${node.is(NodeFlag.HIDDEN) ? "hidden-field" : ""}`;
}

/** The label, which leads to another frame or to a page if the value says so. */
function Label({ node }: { readonly node: Node }): JSX.Element {
  // Comments of packets may have several lines, which would cover the rows below.
  const text = visible(labelOf(node, node.is(NodeFlag.GENERATED)));
  const linked = linkedFrame(node);
  if (linked !== undefined) {
    const { query, ...place } = address.value;
    const to = formatAddress({ ...place, query: { ...query, frame: String(linked) } });
    return (
      <a href={to} tabIndex={-1} title={`Go to packet ${String(linked)}`}>
        {text}
      </a>
    );
  }
  return <span>{text}</span>;
}

interface RowProps {
  readonly frame: DissectedFrame;
  readonly index: number;
}

function NodeRow({ frame: { nodes }, index }: RowProps): JSX.Element | null {
  const node = nodes[index];
  if (!node) return null;
  const isParent = hasChildren(nodes, index);
  const isExpanded = isOpen(nodes, index);
  return (
    <div
      id={nodeId(index)}
      class={`details-node ${classOf(nodes, index, node)}`}
      role="treeitem"
      aria-level={node.depth + 1}
      aria-selected={index === selectedIndex.value}
      {...(isParent && { "aria-expanded": isExpanded })}
      style={{ paddingLeft: `${String(node.depth * INDENT + 4)}px` }}
      title={node.is(NodeFlag.TEXT) ? undefined : `${node.field.displayName} (${node.name})`}
      draggable={!node.is(NodeFlag.TEXT)}
      onDragStart={({ dataTransfer }) => {
        dataTransfer?.setData(FIELD_TYPE, node.name);
      }}
      onPointerDown={() => {
        selectNode(index);
      }}
      onDblClick={() => {
        setOpen(nodes, index, !isExpanded);
      }}
      onContextMenu={(event) => {
        event.stopPropagation();
        openNodeMenu(event, index);
      }}
    >
      <span
        class="twisty"
        aria-hidden="true"
        onClick={() => {
          setOpen(nodes, index, !isExpanded);
        }}
      >
        {isParent ? (isExpanded ? "▾" : "▸") : ""}
      </span>
      <Label node={node} />
    </div>
  );
}

function openNodeMenu(event: MouseEvent, index: number): void {
  const frame = shownFrame.value;
  if (!frame || index < 0) return;
  selectNode(index);
  const at = event.button === 2 ? undefined : document.getElementById(nodeId(index));
  showMenu(event, nodeMenu(frame, index), at);
}

/** How far the longest label reaches, in characters. */
function widthOf({ nodes }: DissectedFrame, visible: readonly number[]): number {
  let most = 0;
  for (const index of visible) {
    const node = nodes[index];
    if (node) most = Math.max(most, (node.label?.length ?? 0) + node.depth * 3 + 6);
  }
  return most;
}

function Tree({ frame }: { readonly frame: DissectedFrame }): JSX.Element {
  const handle = useRef<VirtualListHandle>(null);
  const open = openKeys.value;
  const visible = useMemo(() => visibleNodes(frame.nodes, open), [frame, open]);
  const width = useMemo(() => widthOf(frame, visible), [frame, visible]);
  useSignalEffect(() => {
    const index = selectedIndex.value;
    const nodes = shownFrame.value?.nodes ?? [];
    const row = visibleNodes(nodes, openKeys.value).indexOf(index);
    if (row >= 0) requestAnimationFrame(() => handle.current?.reveal(row));
  });
  return (
    <VirtualList
      ref={handle}
      class="details"
      role="tree"
      label="Packet details"
      count={visible.length}
      rowHeight={ROW_HEIGHT}
      rowWidth={`${String(width)}ch`}
      {...(selectedIndex.value >= 0 && { activeRowId: nodeId(selectedIndex.value) })}
      renderRow={(row) => <NodeRow frame={frame} index={visible[row] ?? -1} />}
      onKeyDown={(event) => {
        if (moveInTree(event, frame.nodes, visible, handle.current?.visibleRows ?? 1)) {
          event.preventDefault();
          event.stopPropagation();
        }
      }}
      onContextMenu={(event) => {
        openNodeMenu(event, selectedIndex.value);
      }}
    />
  );
}

/** The protocol tree of the packet that is selected. */
export function Details(): JSX.Element {
  const current = currentFrame.value;
  if (current.state === "failed") {
    return (
      <div class="list-state">
        <Failure error={current.error} />
      </div>
    );
  }
  if (current.state === "none") return <p class="list-state pending">No packet is selected.</p>;
  return <Tree frame={current.frame} />;
}
