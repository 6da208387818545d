// SPDX-License-Identifier: Apache-2.0

/** The words of libpcap's language, to be inserted into capture filters. */
import type { Completion } from "./completion.js";

const WORDS: readonly (readonly [word: string, description: string])[] = [
  ["arp", "ARP packets"],
  ["and", "Both tests pass"],
  ["broadcast", "Ethernet broadcasts"],
  ["dst", "Only the destination: dst host, dst port"],
  ["dst host", "Packets to an address or name"],
  ["dst net", "Packets to a network"],
  ["dst port", "Packets to a port"],
  ["ether host", "Packets from or to a MAC address"],
  ["ether proto", "Packets of an Ethernet type"],
  ["gateway", "Packets that went through a router"],
  ["greater", "Packets of at least a length"],
  ["host", "Packets from or to an address or name"],
  ["icmp", "ICMP packets"],
  ["icmp6", "ICMPv6 packets"],
  ["ip", "IPv4 packets"],
  ["ip6", "IPv6 packets"],
  ["ip proto", "IPv4 packets of a protocol"],
  ["less", "Packets of at most a length"],
  ["multicast", "Ethernet multicasts"],
  ["net", "Packets from or to a network, such as 192.0.2.0/24"],
  ["not", "The test doesn't pass"],
  ["or", "One of both tests passes"],
  ["port", "Packets from or to a port"],
  ["portrange", "Packets from or to ports, such as 8000-8080"],
  ["sctp", "SCTP packets"],
  ["src", "Only the source: src host, src port"],
  ["src host", "Packets from an address or name"],
  ["src net", "Packets from a network"],
  ["src port", "Packets from a port"],
  ["tcp", "TCP packets"],
  ["tcp port", "TCP packets from or to a port"],
  ["udp", "UDP packets"],
  ["udp port", "UDP packets from or to a port"],
  ["vlan", "Packets with a VLAN tag, optionally of a number"],
];

/** Returns the words that begin with the one before the cursor. */
export function completeCaptureWord(text: string, cursor: number): readonly Completion[] {
  const word = /[a-z][a-z0-9]*$/i.exec(text.slice(0, cursor))?.[0];
  if (word === undefined) return [];
  const range = { start: cursor - word.length, end: cursor };
  return WORDS.filter(([name]) => name.startsWith(word.toLowerCase())).map(
    ([name, description]) => ({ insert: name, label: name, description, kind: "", range }),
  );
}
