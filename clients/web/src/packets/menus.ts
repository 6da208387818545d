// SPDX-License-Identifier: Apache-2.0

/** What a right click on a packet, on a field or on bytes offers. */
import type { Node } from "@dissectd/client";
import { type FrameStream, FieldType, NodeFlag } from "@dissectd/client/api";
import { copyText } from "../app/clipboard.js";
import { attempt } from "../app/notices.js";
import { applyFilter } from "../filter/draft.js";
import { filterMenus } from "../filter/filter-menu.js";
import type { MenuItem } from "../ui/menu.js";
import { BYTE_FORMS, nodesAsJson, subtreeText, valueText } from "./copy.js";
import { type DissectedFrame, showsHidden } from "./current-frame.js";
import { openDialog } from "./dialogs.js";
import { toggle } from "./edits.js";
import { conversationFilters, filterOf } from "./filters.js";
import { addFieldColumn, columns } from "./columns.js";
import { type PacketRow, textIn } from "./shown-list.js";
import { selectFrame } from "./place.js";
import { streamMenus } from "./stream-menus.js";
import { setAllOpen, setSubtreeOpen } from "./tree.js";

function copyItem(label: string, text: () => string): MenuItem {
  return {
    label,
    action: (): void => {
      copyText(text());
    },
  };
}

function bytesMenu(bytes: Uint8Array): MenuItem[] {
  return Object.entries(BYTE_FORMS).map(([label, form]) => copyItem(label, () => form(bytes)));
}

function bytesOf({ sources }: DissectedFrame, node: Node): Uint8Array {
  const data = sources[node.sourceNumber - 1]?.data ?? new Uint8Array();
  return data.subarray(node.start, node.start + Math.max(0, node.length));
}

function copyMenu(frame: DissectedFrame, index: number): MenuItem[] {
  const node = frame.nodes[index];
  if (!node) return [];
  const filter = filterOf(node, frame.sources[0]?.data);
  const bytes = bytesOf(frame, node);
  return [
    copyItem("Description", () => node.label ?? node.field.displayName),
    copyItem("Field Name", () => node.name),
    ...(node.value === undefined ? [] : [copyItem("Value", () => valueText(node.value))]),
    ...(filter === undefined ? [] : [copyItem("As Filter", () => filter)]),
    copyItem("All Items of the Subtree", () => subtreeText(frame.nodes, index)),
    copyItem("As JSON", () => nodesAsJson([node])),
    ...(bytes.length > 0 ? [{ label: "Bytes" }, ...bytesMenu(bytes)] : []),
  ];
}

/** Returns the protocol that a node belongs to. */
function protocolOf(node: Node): string {
  return node.field.type === FieldType.PROTOCOL ? node.name : node.field.protocol;
}

/** The number of the frame that a node refers to; undefined if it refers to none. */
export function linkedFrame(node: Node): number | undefined {
  const { value } = node;
  return node.field.type === FieldType.FRAMENUM && typeof value === "number" && value > 0
    ? value
    : undefined;
}

/** What can be done with a field of the details. */
export function nodeMenu(frame: DissectedFrame, index: number): MenuItem[] {
  const node = frame.nodes[index];
  if (!node) return [];
  const linked = linkedFrame(node);
  const protocol = protocolOf(node);
  const { nodes } = frame;
  return [
    {
      label: "Expand Subtrees",
      shortcut: "Shift+ArrowRight",
      action: (): void => {
        setSubtreeOpen(nodes, index, true);
      },
    },
    {
      label: "Expand All",
      shortcut: "Ctrl+ArrowRight",
      action: (): void => {
        setAllOpen(nodes, true);
      },
    },
    {
      label: "Collapse All",
      shortcut: "Ctrl+ArrowLeft",
      action: (): void => {
        setAllOpen(nodes, false);
      },
    },
    ...(node.is(NodeFlag.TEXT) ? [] : [columnItem(node)]),
    ...filterMenus(filterOf(node, frame.sources[0]?.data)),
    { label: "Copy", items: copyMenu(frame, index) },
    ...(linked === undefined
      ? []
      : [
          {
            label: `Go to Linked Packet ${String(linked)}`,
            action: (): void => {
              selectFrame(linked, { isJump: true });
            },
          },
        ]),
    decodeAsItem(),
    ...(protocol === "" || node.is(NodeFlag.TEXT) ? [] : [preferencesItem(protocol)]),
    {
      label: showsHidden.value ? "Don't Show Hidden Fields" : "Show Hidden Fields",
      action: (): void => {
        showsHidden.value = !showsHidden.value;
      },
    },
  ];
}

function columnItem({ name }: Node): MenuItem {
  return {
    label: "Apply as Column",
    action: (): void => {
      attempt(() => addFieldColumn(name));
    },
  };
}

function decodeAsItem(): MenuItem {
  return {
    label: "Decode As…",
    action: (): void => {
      openDialog.value = { kind: "decode-as" };
    },
  };
}

function preferencesItem(module: string): MenuItem {
  return {
    label: `Protocol Preferences: ${module}…`,
    action: (): void => {
      openDialog.value = { kind: "preferences", module };
    },
  };
}

// The fields whose values the default columns show, the first one that a frame has.
const COLUMN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "%m": ["frame.number"],
  "%t": ["frame.time_relative"],
  "%s": ["ip.src", "ipv6.src", "arp.src.proto_ipv4", "wlan.sa", "eth.src"],
  "%d": ["ip.dst", "ipv6.dst", "arp.dst.proto_ipv4", "wlan.da", "eth.dst"],
  "%L": ["frame.len"],
};

/** Returns the filter for what a column shows of a frame; undefined if there is none. */
function columnFilter(frame: DissectedFrame, column: number): string | undefined {
  const definition = columns.value[column];
  if (!definition) return undefined;
  const find = (name: string): Node | undefined => frame.nodes.find((node) => node.name === name);
  if (definition.format === "%p") {
    return frame.nodes.findLast(
      ({ depth, field, name }) =>
        depth === 0 && field.type === FieldType.PROTOCOL && !name.startsWith("_ws."),
    )?.name;
  }
  const names = COLUMN_FIELDS[definition.format] ?? definition.fields.split(/\s*\|\|\s*/);
  const node = names.map(find).find((found) => found !== undefined);
  return node && filterOf(node);
}

function conversationMenu(frame: DissectedFrame): MenuItem[] {
  const items = conversationFilters(frame.nodes).map(({ name, filter }) => ({
    label: name,
    action: (): void => {
      applyFilter(filter);
    },
  }));
  return items.length > 0 ? [{ label: "Conversation Filter", items }] : [];
}

function editItems({ frame }: PacketRow, comments: readonly string[]): MenuItem[] {
  const { number, marked, ignored, timeReference } = frame;
  return [
    {
      label: marked ? "Unmark Packet" : "Mark Packet",
      shortcut: "Ctrl+M",
      action: (): void => {
        toggle("mark", number, marked);
      },
    },
    {
      label: ignored ? "Unignore Packet" : "Ignore Packet",
      shortcut: "Ctrl+D",
      action: (): void => {
        toggle("ignore", number, ignored);
      },
    },
    {
      label: timeReference ? "Unset Time Reference" : "Set Time Reference",
      action: (): void => {
        toggle("timeReference", number, timeReference);
      },
    },
    {
      label: "Packet Comments…",
      shortcut: "Ctrl+Alt+C",
      action: (): void => {
        openDialog.value = { kind: "comments", frame: number, comments };
      },
    },
  ];
}

/** Returns the comments that a frame has. */
export function commentsOf(frame: DissectedFrame): string[] {
  return frame.nodes
    .filter(({ name }) => name === "frame.comment")
    .map(({ value }) => valueText(value));
}

/** What can be done with a packet. Without its frame, as it crashes: a little less. */
export function rowMenu(
  row: PacketRow,
  column: number,
  frame: DissectedFrame | undefined,
  streams: readonly FrameStream[],
): MenuItem[] {
  const texts = columns.value.map((each) => textIn(row, each));
  const edits = editItems(row, frame ? commentsOf(frame) : []);
  const copies = [
    copyItem("Summary as Text", () => texts.join("\t")),
    copyItem("Summary as CSV", () =>
      texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(","),
    ),
    copyItem("Value of the Column", () => texts[column] ?? ""),
  ];
  if (!frame) return [...edits, { label: "Copy", items: copies }, decodeAsItem()];
  const roots = frame.nodes.filter(({ depth }) => depth === 0);
  const bytes = frame.sources[0]?.data ?? new Uint8Array();
  const all = [...frame.nodes.keys()].filter((index) => frame.nodes[index]?.depth === 0);
  return [
    ...edits,
    ...filterMenus(columnFilter(frame, column)),
    ...conversationMenu(frame),
    ...streamMenus(row.frame.number, streams),
    {
      label: "Copy",
      items: [
        ...copies,
        copyItem("Details as Text", () =>
          all.map((index) => subtreeText(frame.nodes, index)).join(""),
        ),
        copyItem("As JSON", () => nodesAsJson(roots)),
        { label: "Bytes" },
        ...bytesMenu(bytes),
      ],
    },
    {
      label: "Protocol Preferences",
      items: roots
        .filter(({ name, field }) => field.type === FieldType.PROTOCOL && !name.startsWith("_ws."))
        .map(({ name }) => ({ ...preferencesItem(name), label: `${name}…` })),
    },
    decodeAsItem(),
  ];
}

/** What can be done with bytes: with those of the node, or with all. */
export function bytesPaneMenu(frame: DissectedFrame, index: number, source: number): MenuItem[] {
  const node = frame.nodes[index];
  const all = frame.sources[source]?.data ?? new Uint8Array();
  const own = node ? bytesOf(frame, node) : new Uint8Array();
  return [
    ...(own.length > 0 ? [{ label: "Copy Bytes of the Field", items: bytesMenu(own) }] : []),
    { label: "Copy All Bytes", items: bytesMenu(all) },
    ...(node ? filterMenus(filterOf(node, frame.sources[0]?.data)) : []),
  ];
}
