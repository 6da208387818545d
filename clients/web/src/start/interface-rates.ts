// SPDX-License-Identifier: Apache-2.0

/** The traffic of interfaces, from the counters that the daemon sends once a second. */
import {
  type InterfaceCounters,
  type WatchInterfaceStatisticsResponse,
} from "@dissectd/client/api";
import { timestampMs } from "@bufbuild/protobuf/wkt";

/** As many seconds as Wireshark's sparklines show. */
export const HISTORY = 60;

export interface InterfaceRate {
  /** Packets a second, oldest first. */
  readonly history: readonly number[];
  readonly packetsPerSecond: number;
  /** Undefined for pseudo-interfaces, whose bytes nobody counts. */
  readonly bytesPerSecond: number | undefined;
}

interface Counts {
  readonly packets: number;
  readonly bytes: number | undefined;
}

export interface InterfaceRates {
  readonly timeMs: number;
  readonly counts: ReadonlyMap<string, Counts>;
  readonly rates: ReadonlyMap<string, InterfaceRate>;
}

export const NO_RATES: InterfaceRates = { timeMs: 0, counts: new Map(), rates: new Map() };

// Wireshark's sparklines have the packets that a capture would get; the kernel counts also
// where dumpcap can't capture.
function countsOf({ capturedPackets, kernel }: InterfaceCounters): Counts {
  const kernelPackets = kernel && kernel.receivedPackets + kernel.sentPackets;
  return {
    packets: Number(capturedPackets ?? kernelPackets ?? 0n),
    bytes: kernel && Number(kernel.receivedBytes + kernel.sentBytes),
  };
}

// Counters of an interface that was made again, or of dumpcap after a restart, begin at 0.
function increase(now: number, before: number): number {
  return now >= before ? now - before : now;
}

/** Returns the rates with those since the last counters. */
export function addCounters(
  last: InterfaceRates,
  response: WatchInterfaceStatisticsResponse,
): InterfaceRates {
  const timeMs = response.time ? timestampMs(response.time) : 0;
  const seconds = (timeMs - last.timeMs) / 1000;
  const counts = new Map(response.interfaces.map((each) => [each.name, countsOf(each)]));
  const rates = new Map<string, InterfaceRate>();
  for (const [name, now] of counts) {
    const before = last.counts.get(name);
    if (!before || seconds <= 0) continue;
    const packetsPerSecond = increase(now.packets, before.packets) / seconds;
    const bytesPerSecond =
      now.bytes === undefined ? undefined : increase(now.bytes, before.bytes ?? 0) / seconds;
    const history = [...(last.rates.get(name)?.history ?? []), packetsPerSecond].slice(-HISTORY);
    rates.set(name, { history, packetsPerSecond, bytesPerSecond });
  }
  return { timeMs, counts, rates };
}
