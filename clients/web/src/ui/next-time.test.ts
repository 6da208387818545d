// SPDX-License-Identifier: Apache-2.0

import { getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import { nextTime } from "./next-time.js";

test("waiting again and again leaves no listeners behind", async () => {
  const shown = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal("document", shown);
  const { signal } = new AbortController();
  for (let times = 0; times < 20; ++times) await nextTime(1, signal);
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(getEventListeners(shown, "visibilitychange")).toEqual([]);
});

test("waiting ends when nobody asks any more, also if nobody sees the page", async () => {
  vi.stubGlobal("document", Object.assign(new EventTarget(), { hidden: true }));
  const abort = new AbortController();
  const waiting = nextTime(1, abort.signal);
  abort.abort();
  await waiting;
  expect(getEventListeners(abort.signal, "abort")).toEqual([]);
});
