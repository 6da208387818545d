// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { PacketRing } from "./packet-ring.js";

test("a ring keeps all until it is full", () => {
  const ring = new PacketRing<number>(3);
  for (const number of [1, 2, 3]) ring.push(number);
  expect([ring.length, ring.dropped, ring.at(0), ring.at(-1)]).toEqual([3, 0, 1, 3]);
});

test("a full ring keeps the newest in their order", () => {
  const ring = new PacketRing<number>(3);
  for (let number = 1; number <= 8; number++) ring.push(number);
  expect(ring.last(10)).toEqual([6, 7, 8]);
  expect(ring.last(2)).toEqual([7, 8]);
  expect([ring.length, ring.dropped, ring.at(0), ring.at(2)]).toEqual([3, 5, 6, 8]);
});

test("there is nothing outside of a ring", () => {
  const ring = new PacketRing<number>(3);
  expect(ring.at(0)).toBeUndefined();
  ring.push(1);
  expect(ring.at(1)).toBeUndefined();
  expect(ring.at(-2)).toBeUndefined();
});
