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

/** A list whose questions are answered when and as the test likes. */
function openQuestions(): { fetchPage: FetchPage<number>; answer: Answer[] } {
  const answer: Answer[] = [];
  const fetchPage: FetchPage<number> = (first, limit, signal) =>
    new Promise((resolve, reject) => {
      answer.push({
        resolve: (total) => {
          void numbers(() => total)(first, limit, signal).then(resolve);
        },
        reject,
      });
    });
  return { fetchPage, answer };
}

interface Answer {
  readonly resolve: (total: number) => void;
  readonly reject: (error: Error) => void;
}

test("an answer that comes late takes nothing away from a list that has grown", async () => {
  const { fetchPage, answer } = openQuestions();
  const cache = new PageCache(fetchPage);
  cache.want(0, 20);
  await expect.poll(() => answer.length).toBe(1);
  const grown = cache.grow();
  answer[1]?.resolve(5);
  await grown;
  expect(cache.row(4)).toBe(4);
  const { value: changes } = cache.changed;
  answer[0]?.resolve(3);
  // Another question that is answered after it: by then it has come.
  const again = cache.grow();
  answer[2]?.resolve(5);
  await again;
  expect(cache.changed.value).toBe(changes + 1);
  expect(cache.total.value).toBe(5);
  expect(cache.row(4)).toBe(4);
});

test("a late error says nothing about a page that has come since", async () => {
  const { fetchPage, answer } = openQuestions();
  const cache = new PageCache(fetchPage);
  const first = cache.load(0);
  const grown = cache.grow();
  answer[1]?.resolve(5);
  await grown;
  answer[0]?.reject(new Error("away"));
  expect(await first).toBe(0);
  expect(cache.error.value).toBeUndefined();
});

test("a page that was asked for before the list has grown is asked for again", async () => {
  const { fetchPage, answer } = openQuestions();
  const cache = new PageCache(fetchPage);
  const loaded = cache.load(0);
  answer[0]?.resolve(390);
  await loaded;
  cache.want(300, 320);
  await expect.poll(() => answer.length).toBe(2);
  const later = cache.load(440);
  answer[2]?.resolve(450);
  expect(await later).toBe(440);
  answer[1]?.resolve(390);
  await expect.poll(() => answer.length).toBe(4);
  expect(cache.total.value).toBe(450);
  answer[3]?.resolve(450);
  await expect.poll(() => cache.row(399)).toBe(399);
});

test("what is asked for ends with the list", () => {
  const signals: AbortSignal[] = [];
  const cache = new PageCache<number>((_first, _limit, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  void cache.load(0);
  void cache.grow();
  cache.dispose();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
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
