// SPDX-License-Identifier: Apache-2.0

/** A sequence diagram, and where its parts are drawn. */
import type { ReportResult, SequenceItem } from "@dissectd/client/api";
import type { TableColumn } from "../../ui/table.js";

export interface Diagram {
  readonly nodes: readonly string[];
  readonly items: readonly SequenceItem[];
}

/** Puts the parts of a report together. */
export function diagramOf(parts: readonly ReportResult[]): Diagram {
  const tables = parts.flatMap(({ table }) => (table.case === "sequence" ? [table.value] : []));
  return {
    nodes: tables.flatMap(({ nodes }) => nodes),
    items: tables.flatMap(({ items }) => items),
  };
}

/** The types of flows that Wireshark's window offers, as the daemon's reports call them. */
export const FLOW_TYPES = [
  { name: "any", title: "All Flows" },
  { name: "icmp", title: "ICMP Flows" },
  { name: "icmpv6", title: "ICMPv6 Flows" },
  { name: "lbm_uim", title: "UIM Flows" },
  { name: "tcp", title: "TCP Flows" },
] as const;
export type FlowType = (typeof FLOW_TYPES)[number]["name"];

/** Returns the name of the report of a type. */
export function flowReport(type: FlowType, isNetwork: boolean, filter: string): string {
  return ["flow", type, isNetwork ? "network" : "standard", ...(filter ? [filter] : [])].join(",");
}

/** The height of an arrow with its label, in pixels. */
export const ROW_HEIGHT = 36;
/** Where the arrow is in it. */
export const ARROW_TOP = 27;
export const TIME_WIDTH = 110;
const NODE_WIDTH = 156;
const WIDEST_NODE = 320;
const COMMENT_WIDTH = 260;

/** How wide the columns are. */
export interface Widths {
  readonly node: number;
  readonly comment: number;
  readonly all: number;
}

/** Returns widths that fill what there is, or more if it is too little. */
export function widthsFor(nodes: number, available: number): Widths {
  const room = (available - TIME_WIDTH - COMMENT_WIDTH) / Math.max(nodes, 1);
  const node = Math.min(WIDEST_NODE, Math.max(NODE_WIDTH, room));
  const comment = Math.max(COMMENT_WIDTH, available - TIME_WIDTH - nodes * node);
  return { node, comment, all: TIME_WIDTH + nodes * node + comment };
}

/** Returns where the line of a node is, from the left of the nodes. */
export function lineOf(node: number, { node: width }: Pick<Widths, "node">): number {
  return Math.round((node + 0.5) * width);
}

/** An arrow from one line to another one, and what is written at its left and right end. */
export interface Arrow {
  readonly left: number;
  readonly right: number;
  readonly isRightwards: boolean;
  /** A node speaks to itself. */
  readonly isLoop: boolean;
  readonly leftPort: string;
  readonly rightPort: string;
}

// How far the arrow of a node to itself goes.
const LOOP_WIDTH = 60;

function portText(port: number): string {
  return port === 0 ? "" : String(port);
}

/** Returns how an item is drawn. */
export function arrowOf(item: SequenceItem, widths: Pick<Widths, "node">): Arrow {
  const from = lineOf(item.fromNode, widths);
  const to = lineOf(item.toNode, widths);
  const isLoop = item.fromNode === item.toNode;
  const isRightwards = from < to;
  const [left, right] = isRightwards ? [from, to] : [to, from];
  const ports = [portText(item.fromPort), portText(item.toPort)];
  const [leftPort = "", rightPort = ""] = isRightwards || isLoop ? ports : ports.toReversed();
  return {
    left,
    right: isLoop ? left + LOOP_WIDTH : right,
    isRightwards,
    isLoop,
    leftPort,
    rightPort,
  };
}

/** Returns the line and the tip of an arrow as paths of SVG. */
export function pathsOf(
  { left, right, isRightwards, isLoop }: Arrow,
  top: number,
): { readonly line: string; readonly tip: string } {
  const y = String(top);
  if (isLoop) {
    const above = String(top - 6);
    return {
      line: `M${String(left)} ${above}H${String(right)}V${y}H${String(left)}`,
      tip: tipAt(left, top, 1),
    };
  }
  return {
    line: `M${String(left)} ${y}H${String(right)}`,
    tip: isRightwards ? tipAt(right, top, -1) : tipAt(left, top, 1),
  };
}

function tipAt(x: number, y: number, back: 1 | -1): string {
  const base = String(x + back * 9);
  return `M${String(x)} ${String(y)}L${base} ${String(y - 4)}V${String(y + 4)}Z`;
}

function endOf(address: string, port: number): string {
  return port === 0 ? address : `${address} port ${String(port)}`;
}

/** Says what an item is, for those who don't see the arrow. */
export function sentenceOf({ nodes }: Diagram, item: SequenceItem): string {
  const from = endOf(nodes[item.fromNode] ?? "", item.fromPort);
  const to = endOf(nodes[item.toNode] ?? "", item.toPort);
  return `${item.time}: ${from} to ${to}, ${item.comment || item.label}`;
}

/** Returns the columns in which a diagram is saved. */
export function columnsOf({ nodes }: Diagram): TableColumn<SequenceItem>[] {
  return [
    { title: "Frame", value: (item) => item.frameNumber },
    { title: "Time", value: (item) => item.time },
    { title: "Source", value: (item) => nodes[item.fromNode] ?? "" },
    { title: "Source Port", value: (item) => item.fromPort || "" },
    { title: "Destination", value: (item) => nodes[item.toNode] ?? "" },
    { title: "Destination Port", value: (item) => item.toPort || "" },
    { title: "Label", value: (item) => item.label },
    { title: "Comment", value: (item) => item.comment },
  ];
}
