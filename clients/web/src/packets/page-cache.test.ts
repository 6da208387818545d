// SPDX-License-Identifier: Apache-2.0

import { expect, test, vi } from "vitest";
import { type FetchPage, PAGE_ROWS, PageCache } from "./page-cache.js";

/** Numbers from 0, as a list of a daemon that sends at most `most` of them at once. */
function numbers(total: () => number, most = PAGE_ROWS): FetchPage<number> {
  return (first, limit) => {
    const count = Math.max(0, Math.min(limit, most, total() - first));
    const rows = Array.from({ length: count }, (_, index) => first + index);
    return Promise.resolve({ rows, total: total() });
  };
}

test("rows come when they are wanted, with those around them", async () => {
  const fetchPage = vi.fn(numbers(() => 10_000));
  const cache = new PageCache(fetchPage);
  cache.want(0, 20);
  await expect.poll(() => cache.row(19)).toBe(19);
  expect(cache.total.value).toBe(10_000);
  expect(cache.row(5000)).toBeUndefined();
  cache.want(5000, 5030);
  await expect.poll(() => cache.row(5029)).toBe(5029);
  expect(cache.row(4950)).toBe(4950);
  const asked = fetchPage.mock.calls.length;
  cache.want(0, 20);
  expect(fetchPage.mock.calls.length).toBe(asked);
});

test("a page that comes in parts is put together", async () => {
  const cache = new PageCache(numbers(() => 500, 70));
  expect(await cache.load(399)).toBe(399);
  expect(cache.row(200)).toBe(200);
});

test("a growing list has new rows", async () => {
  let total = 3;
  const cache = new PageCache(numbers(() => total));
  cache.want(0, 20);
  await expect.poll(() => cache.row(2)).toBe(2);
  total = 300;
  await cache.grow();
  expect(cache.total.value).toBe(300);
  expect(await cache.load(299)).toBe(299);
});

test("a page that nobody looks at any more is not waited for", async () => {
  const signals: AbortSignal[] = [];
  const answer = numbers(() => 100_000);
  const cache = new PageCache<number>((first, limit, signal) => {
    signals.push(signal);
    return first === 50_000 ? new Promise(() => undefined) : answer(first, limit, signal);
  });
  await cache.load(0);
  cache.want(50_100, 50_120);
  await expect.poll(() => signals.length).toBe(3);
  cache.want(90_000, 90_020);
  await expect.poll(() => cache.row(90_000)).toBe(90_000);
  expect(signals.some(({ aborted }) => aborted)).toBe(true);
});

test("old pages are forgotten", async () => {
  const cache = new PageCache(numbers(() => 1_000_000));
  for (let page = 0; page < 150; ++page) await cache.load(page * PAGE_ROWS);
  expect(cache.row(0)).toBe(0);
  expect(cache.row(10 * PAGE_ROWS)).toBeUndefined();
  expect(cache.row(149 * PAGE_ROWS)).toBe(149 * PAGE_ROWS);
});

test("an error is kept until a page comes", async () => {
  let isAway = true;
  const answer = numbers(() => 10);
  const cache = new PageCache<number>((...asked) =>
    isAway ? Promise.reject(new Error("away")) : answer(...asked),
  );
  cache.want(0, 10);
  await expect.poll(() => cache.error.value).toBeInstanceOf(Error);
  isAway = false;
  cache.refresh();
  await expect.poll(() => cache.row(9)).toBe(9);
  expect(cache.error.value).toBeUndefined();
});
