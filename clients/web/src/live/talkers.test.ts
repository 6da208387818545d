// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import { EndpointTrafficSchema, type EndpointTraffic } from "@dissectd/client/api";
import { expect, test } from "vitest";
import { TalkerRound } from "./talkers.js";

function endpoint(address: string, bytes: bigint): EndpointTraffic {
  return create(EndpointTrafficSchema, {
    endpoint: { address },
    sent: { frames: 1n, bytes },
    received: { frames: 2n, bytes: 1n },
  });
}

test("those with the most bytes come first, of all parts and address families", () => {
  const round = new TalkerRound();
  round.add(0, [endpoint("192.0.2.1", 5n)]);
  round.add(0, [endpoint("192.0.2.2", 50n)]);
  round.add(1, [endpoint("2001:db8::1", 20n)]);
  round.add(2, [endpoint("00:00:5e:00:53:01", 900n)]);
  const found = round.finish();
  expect(found.map(({ address }) => address)).toEqual(["192.0.2.2", "2001:db8::1", "192.0.2.1"]);
  expect(found[0]).toMatchObject({ packets: 3, bytes: 51 });
});

test("hardware addresses are shown where there are no others", () => {
  const round = new TalkerRound();
  round.add(2, [endpoint("00:00:5e:00:53:01", 900n)]);
  expect(round.finish()).toHaveLength(1);
  expect(round.finish()).toEqual([]);
});
