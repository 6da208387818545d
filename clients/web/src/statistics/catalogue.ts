// SPDX-License-Identifier: Apache-2.0

/** All reports that can be chosen: those with their own view, and the others of the daemon. */
import type { ReportType } from "@dissectd/client/api";
import { type Group, GROUPS, type ReportEntry } from "./reports/registry.js";

export interface Choice {
  readonly name: string;
  readonly title: string;
  readonly group: Group;
}

export interface Section {
  readonly group: Group;
  readonly choices: readonly Choice[];
}

// What Wireshark's menus call the reports that tshark knows by other names.
const TITLES: Readonly<Partial<Record<Group, Readonly<Record<string, string>>>>> = {
  Analyze: { credentials: "Credentials" },
  Statistics: {
    hosts: "Resolved Addresses",
    "plen,tree": "Packet Lengths",
    "dhcp,stat": "DHCP (BOOTP) Statistics",
    "dns,tree": "DNS",
    "ancp,tree": "ANCP",
    "collectd,tree": "Collectd",
    "hart_ip,tree": "HART-IP",
    "hpfeeds,tree": "HPFEEDS",
    "sametime,tree": "Sametime",
    "bacapp_instanceid,tree": "BACnet: Packets sorted by Instance ID",
    "bacapp_ip,tree": "BACnet: Packets sorted by IP",
    "bacapp_objectid,tree": "BACnet: Packets sorted by Object Type",
    "bacapp_service,tree": "BACnet: Packets sorted by Service",
    "f5_tmm_dist,tree": "F5: tmm Distribution",
    "f5_virt_dist,tree": "F5: Virtual Server Distribution",
    "someip_messages,tree": "SOME/IP Messages",
    "someipsd_entries,tree": "SOME/IP-SD Entries",
    "proto,colinfo": "Fields in the Info Column",
  },
  "Service Response Time": {
    "h225_ras,rtd": "H.225 RAS",
    "megaco,rtd": "MEGACO",
    "mgcp,rtd": "MGCP",
    "radius,rtd": "RADIUS",
    "rpc,programs": "ONC-RPC Programs",
    "rpc,srt": "ONC-RPC",
    "dcerpc,srt": "DCE-RPC",
    "fc,srt": "Fibre Channel",
    "diameter,srt": "Diameter",
    "icmpv6,srt": "ICMPv6",
    "camel,srt": "CAMEL",
  },
  HTTP: {
    "http,tree": "Packet Counter",
    "http_req,tree": "Requests",
    "http_srv,tree": "Load Distribution",
    "http_seq,tree": "Request Sequences",
    "http,stat": "Methods and Status Codes",
    "http2,tree": "HTTP2",
  },
  "IPv4 and IPv6": {
    "ip_hosts,tree": "IPv4: All Addresses",
    "dests,tree": "IPv4: Destinations and Ports",
    "ptype,tree": "IPv4: IP Protocol Types",
    "ip_srcdst,tree": "IPv4: Source and Destination Addresses",
    "ipv6_hosts,tree": "IPv6: All Addresses",
    "ipv6_dests,tree": "IPv6: Destinations and Ports",
    "ipv6_ptype,tree": "IPv6: IP Protocol Types",
    "ipv6_srcdst,tree": "IPv6: Source and Destination Addresses",
  },
  Telephony: {
    "voip,calls": "VoIP Calls",
    "ansi_a,bsmap": "ANSI: A-I/F BSMAP",
    "ansi_a,dtap": "ANSI: A-I/F DTAP",
    ansi_map: "ANSI: MAP",
    "camel,counter": "CAMEL Counters",
    "f1ap,tree": "F1AP",
    gsm_a: "GSM: A-I/F Statistics",
    "gsm_a,bssmap": "GSM: A-I/F BSSMAP",
    "gsm_map,operation": "GSM: MAP Operations",
    "h225,counter": "H.225",
    "isup_msg,tree": "ISUP Messages",
    "mac-lte,stat": "LTE: MAC",
    "rlc-lte,stat": "LTE: RLC",
    "mtp3,msus": "MTP3 MSUs",
    "ngap,tree": "NGAP",
    "osmux,tree": "Osmux Packets",
    "rtp,streams": "RTP Streams",
    "rtsp,stat": "RTSP: Methods and Status Codes",
    "rtsp,tree": "RTSP: Packet Counter",
    "sctp,stat": "SCTP",
    "smpp_commands,tree": "SMPP Operations",
    "ucp_messages,tree": "UCP Messages",
    "sip,stat": "SIP Statistics",
    "wsp,stat": "WAP-WSP Packet Counter",
    "diameter,avp": "Diameter AVPs",
  },
};

const KNOWN = new Map<string, Choice>(
  GROUPS.flatMap((group) =>
    Object.entries(TITLES[group] ?? {}).map(([name, title]): [string, Choice] => [
      name,
      { name, title, group },
    ]),
  ),
);

/** Returns the place of a report of the daemon in the list. */
export function choiceFor(name: string): Choice {
  const known = KNOWN.get(name);
  if (known) return known;
  const [protocol = "", ...kind] = name.split(",");
  if (kind[0] === "srt") {
    return { name, title: protocol.toUpperCase(), group: "Service Response Time" };
  }
  const detail = kind.filter((part) => part !== "tree" && part !== "stat").join(", ");
  const title = detail ? `${protocol}: ${detail}` : protocol;
  return { name, title, group: protocol.startsWith("gsm_") ? "Telephony" : "Other" };
}

/** Returns the list of all reports, section by section. */
export function sectionsOf(
  views: readonly ReportEntry[],
  daemonReports: readonly ReportType[],
): Section[] {
  const others = daemonReports.filter(
    ({ name }) => !views.some((view) => view.name === name || view.replaces?.test(name)),
  );
  // Those that Wireshark's menus have come first, in the order of the menus.
  const places = new Map([...KNOWN.keys()].map((name, index) => [name, index]));
  const placeOf = (name: string): number => places.get(name) ?? places.size;
  const sorted = others.toSorted((a, b) => placeOf(a.name) - placeOf(b.name));
  const choices: Choice[] = [...views, ...sorted.map(({ name }) => choiceFor(name))];
  return GROUPS.map((group) => ({
    group,
    choices: choices.filter((choice) => choice.group === group),
  })).filter((section) => section.choices.length > 0);
}

/** Returns the sections with the choices whose title or name has a text. */
export function matching(sections: readonly Section[], text: string): Section[] {
  const wanted = text.trim().toLowerCase();
  return sections
    .map(({ group, choices }) => ({
      group,
      choices: choices.filter(({ title, name }) =>
        `${group} ${title} ${name}`.toLowerCase().includes(wanted),
      ),
    }))
    .filter(({ choices }) => choices.length > 0);
}
