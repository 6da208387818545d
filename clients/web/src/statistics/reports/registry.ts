// SPDX-License-Identifier: Apache-2.0

/** The reports that have a view of their own. */
import type { Session } from "@dissectd/client";
import type { ComponentType } from "preact";

/** The sections of the list, as Wireshark's menus have them. */
export const GROUPS = [
  "File",
  "Analyze",
  "Statistics",
  "Service Response Time",
  "HTTP",
  "IPv4 and IPv6",
  "Telephony",
  "Other",
] as const;
export type Group = (typeof GROUPS)[number];

export interface ReportProps {
  readonly session: Session;
  /** What the address calls the report. */
  readonly name: string;
  /** The display filter that the report is limited to; empty for all frames. */
  readonly filter: string;
}

export interface ReportEntry {
  /** What the address calls it: `#/statistics/SOURCE?report=NAME`. */
  readonly name: string;
  readonly title: string;
  readonly group: Group;
  readonly load: () => Promise<ComponentType<ReportProps>>;
  /** Whether its view doesn't look at `filter`, so that the page offers none. */
  readonly isAboutWholeCapture?: boolean;
  /** The reports of the daemon that it shows, which the list then doesn't repeat. */
  readonly replaces?: RegExp;
}

export const REPORTS: readonly ReportEntry[] = [
  {
    name: "properties",
    title: "Capture File Properties",
    group: "File",
    load: async () => (await import("./properties.js")).PropertiesReport,
    isAboutWholeCapture: true,
  },
  {
    name: "objects",
    title: "Export Objects",
    group: "File",
    load: async () => (await import("./objects.js")).ObjectsReport,
    isAboutWholeCapture: true,
  },
  {
    name: "follow",
    title: "Follow Stream",
    group: "Analyze",
    load: async () => (await import("./follow.js")).FollowReport,
    isAboutWholeCapture: true,
    replaces: /^follow,/,
  },
  {
    name: "expert",
    title: "Expert Information",
    group: "Analyze",
    load: async () => (await import("./expert.js")).ExpertReport,
    replaces: /^expert$/,
  },
  {
    name: "hierarchy",
    title: "Protocol Hierarchy",
    group: "Statistics",
    load: async () => (await import("./hierarchy.js")).HierarchyReport,
    replaces: /^io,phs$/,
  },
  {
    name: "conversations",
    title: "Conversations",
    group: "Statistics",
    load: async () => (await import("./conversations.js")).ConversationsReport,
    replaces: /^conv,/,
  },
  {
    name: "endpoints",
    title: "Endpoints",
    group: "Statistics",
    load: async () => (await import("./endpoints.js")).EndpointsReport,
    replaces: /^endpoints,/,
  },
  {
    name: "io",
    title: "I/O Graph",
    group: "Statistics",
    load: async () => (await import("../graphs/io-graph.js")).IoGraphReport,
    isAboutWholeCapture: true,
    replaces: /^io,stat$/,
  },
  {
    name: "flow",
    title: "Flow Graph",
    group: "Statistics",
    load: async () => (await import("../flow/flow-graph.js")).FlowReport,
    replaces: /^flow,/,
  },
  {
    name: "plen,tree",
    title: "Packet Lengths",
    group: "Statistics",
    load: async () => (await import("./packet-lengths.js")).PacketLengthsReport,
  },
  {
    name: "tcp-graphs",
    title: "TCP Stream Graphs",
    group: "Statistics",
    load: async () => (await import("../streams/tcp-graphs.js")).TcpGraphsReport,
    isAboutWholeCapture: true,
    replaces: /^tcp,graph$/,
  },
  {
    name: "voip",
    title: "VoIP Calls",
    group: "Telephony",
    load: async () => (await import("../streams/voip.js")).VoipReport,
    replaces: /^voip,calls$/,
  },
  {
    name: "rtp",
    title: "RTP Streams",
    group: "Telephony",
    load: async () => (await import("../streams/rtp.js")).RtpReport,
    isAboutWholeCapture: true,
    replaces: /^rtp,streams$/,
  },
];
