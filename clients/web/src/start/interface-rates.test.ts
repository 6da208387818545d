// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  type WatchInterfaceStatisticsResponse,
  WatchInterfaceStatisticsResponseSchema,
} from "@dissectd/client/api";
import { expect, test } from "vitest";
import { addCounters, HISTORY, NO_RATES } from "./interface-rates.js";

function countersAt(seconds: number, packets: bigint): WatchInterfaceStatisticsResponse {
  return create(WatchInterfaceStatisticsResponseSchema, {
    time: timestampFromMs(seconds * 1000),
    interfaces: [
      { name: "eth0", kernel: { receivedPackets: packets, receivedBytes: packets * 100n } },
      { name: "any", capturedPackets: packets },
    ],
  });
}

test("rates are what came since the last counters, in a second", () => {
  const first = addCounters(NO_RATES, countersAt(10, 1000n));
  expect(first.rates.size).toBe(0);
  const second = addCounters(first, countersAt(12, 1500n));
  expect(second.rates.get("eth0")).toEqual({
    history: [250],
    packetsPerSecond: 250,
    bytesPerSecond: 25_000,
  });
  expect(second.rates.get("any")?.bytesPerSecond).toBeUndefined();
});

test("counters that begin again don't become negative", () => {
  const first = addCounters(NO_RATES, countersAt(10, 1000n));
  expect(addCounters(first, countersAt(11, 7n)).rates.get("eth0")?.packetsPerSecond).toBe(7);
});

test("the history is bounded", () => {
  let rates = NO_RATES;
  for (let second = 0; second < 2 * HISTORY; ++second) {
    rates = addCounters(rates, countersAt(second, BigInt(second)));
  }
  expect(rates.rates.get("any")?.history).toHaveLength(HISTORY);
});

test("an interface that is gone has no rate", () => {
  const first = addCounters(NO_RATES, countersAt(10, 1n));
  const gone = create(WatchInterfaceStatisticsResponseSchema, { time: timestampFromMs(11_000) });
  expect(addCounters(first, gone).rates.size).toBe(0);
});
