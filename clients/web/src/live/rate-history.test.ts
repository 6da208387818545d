// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import {
  HISTORY_POINTS,
  lineOf,
  type LiveRate,
  protocolLines,
  topProtocols,
  withRate,
} from "./rate-history.js";

function rateAt(second: number, protocols: Readonly<Record<string, number>> = {}): LiveRate {
  const top = Object.entries(protocols).map(([name, packets]) => ({ name, packets, bytes: 0 }));
  return {
    time: new Date(second * 1000),
    seconds: 2,
    packets: 20,
    bytes: 2000,
    packetsPerSecond: 10,
    bytesPerSecond: 1000,
    top,
    totalPackets: 20,
    dropsPerSecond: null,
  };
}

test("a history is bounded, and loses the oldest rates", () => {
  let rates: readonly LiveRate[] = [];
  for (let second = 0; second < HISTORY_POINTS + 5; second++) {
    rates = withRate(rates, rateAt(second));
  }
  expect(rates).toHaveLength(HISTORY_POINTS);
  expect(rates[0]?.time.getTime()).toBe(5000);
});

test("a line has times in seconds, and gaps where nothing is known or no rates came", () => {
  const rates = [rateAt(1), rateAt(61)];
  expect(lineOf(rates, (rate) => rate.packetsPerSecond)).toEqual([
    [1, 2, 61],
    [10, null, 10],
  ]);
  expect(lineOf(rates, (rate) => rate.dropsPerSecond)).toEqual([
    [1, 2, 61],
    [null, null, null],
  ]);
});

test("a line of less than a minute begins a minute ago", () => {
  expect(lineOf([rateAt(100)], (rate) => rate.packetsPerSecond)).toEqual([
    [40, 100],
    [null, 10],
  ]);
  expect(lineOf([], (rate) => rate.packetsPerSecond)).toEqual([[], []]);
});

test("the top protocols are those with the most packets that not all packets have", () => {
  const rates = [
    rateAt(1, { frame: 100, eth: 100, udp: 60, tcp: 40 }),
    rateAt(61, { frame: 100, eth: 100, tcp: 80, arp: 5, udp: 15 }),
  ];
  expect(topProtocols(rates, 2)).toEqual(["tcp", "udp"]);
  expect(protocolLines(rates, ["arp", "tcp"])).toEqual([
    [1, 2, 61],
    [0, null, 2.5],
    [20, null, 40],
  ]);
});
