// SPDX-License-Identifier: Apache-2.0

/** The addresses with the most traffic of a capture. */
import type { EndpointTraffic } from "@dissectd/client/api";

const SHOWN = 8;
export const REPORTS = ["endpoints,ip", "endpoints,ipv6", "endpoints,eth"];
// Ethernet addresses tell something only if there are no others.
const LAST_RESORT = 2;

export interface Talker {
  readonly address: string;
  readonly packets: number;
  readonly bytes: number;
  /** A display filter for its packets. */
  readonly filter: string;
}

function talkerOf({ endpoint, sent, received, displayFilter }: EndpointTraffic): Talker {
  return {
    address: endpoint?.resolvedName || (endpoint?.address ?? ""),
    packets: Number((sent?.frames ?? 0n) + (received?.frames ?? 0n)),
    bytes: Number((sent?.bytes ?? 0n) + (received?.bytes ?? 0n)),
    filter: displayFilter,
  };
}

/** Collects the tables of a round, of which large ones come in several parts. */
export class TalkerRound {
  private talkers: Talker[] = [];
  private lastResort: Talker[] = [];

  add(report: number, endpoints: readonly EndpointTraffic[]): void {
    const found = endpoints.map(talkerOf);
    if (report === LAST_RESORT) this.lastResort.push(...found);
    else this.talkers.push(...found);
  }

  /** Returns those with the most bytes, and begins the next round. */
  finish(): Talker[] {
    const all = this.talkers.length > 0 ? this.talkers : this.lastResort;
    this.talkers = [];
    this.lastResort = [];
    return all.sort((a, b) => b.bytes - a.bytes).slice(0, SHOWN);
  }
}
