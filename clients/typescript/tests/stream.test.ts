// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { EndReason } from "../src/api.js";
import {
  CaptureFileError,
  Code,
  connect,
  DissectdError,
  FilterError,
  type Frame,
  NotFoundError,
  UnavailableError,
} from "../src/node.js";
import { repeatCapture } from "./support/captures.js";
import { Daemon } from "./support/daemon.js";
import { Proxy } from "./support/proxy.js";

let daemon: Daemon;
let large: string;
beforeAll(async (): Promise<void> => {
  daemon = await Daemon.start();
  large = repeatCapture(daemon, "redis.pcap", 100);
});
afterAll(() => daemon[Symbol.asyncDispose]());

async function numbers(frames: AsyncIterable<Frame>): Promise<number[]> {
  const found: number[] = [];
  for await (const frame of frames) found.push(frame.number);
  return found;
}

/** Waits until a number stays equal for a second. */
async function settled(read: () => number): Promise<number> {
  for (let last = -1; ; last = read()) {
    if (last === read()) return last;
    await sleep(1000);
  }
}

describe("a stream of frames", () => {
  test("has a header, an end, and progress", async () => {
    using client = daemon.client();
    const stream = client.read("dns.pcap", { filter: "dns.a", columns: ["protocol"] });
    const found = await numbers(stream);
    expect(found.length).toBeGreaterThan(0);
    expect(stream.header?.file?.fileType).toBe("pcap");
    expect(stream.end).toMatchObject({ reason: EndReason.END_OF_FILE, framesSent: found.length });
  });

  test("has columns by their names, and as the API has them", async () => {
    const address = {
      title: "Address",
      format: "%Cus",
      customFields: "dns.a",
      customOccurrence: 1,
    };
    using client = daemon.client();
    const stream = client.read("dns.pcap", { filter: "dns.a", columns: ["number", address] });
    for await (const { number, columns } of stream) {
      expect(columns).toEqual([String(number), expect.stringMatching(/^[0-9]+(\.[0-9]+){3}$/)]);
    }
    expect(stream.header?.columns.map(({ title }) => title)).toEqual(["number", "Address"]);
  });

  test("ends its call when the loop is left", async () => {
    await using proxy = await Proxy.to(daemon.address);
    using client = connect(proxy.address);
    for await (const frame of client.read(large, { tree: true })) {
      expect(frame.number).toBe(1);
      break;
    }
    const received = await settled(() => proxy.received);
    // All trees of this file have more than a hundred times as much.
    expect(received).toBeLessThan(5_000_000);
  });

  test("ends when the client is closed, and there are no calls afterwards", async () => {
    const client = daemon.client();
    const reading = (async (): Promise<void> => {
      for await (const frame of client.read(large)) {
        if (frame.number === 3) client.close();
      }
    })();
    const closed = { code: Code.FailedPrecondition, message: "The client is closed." };
    await expect(reading).rejects.toMatchObject(closed);
    await expect(client.info()).rejects.toMatchObject(closed);
    await expect(numbers(client.read("dns.pcap"))).rejects.toMatchObject(closed);
  });

  test("throws the reason of its signal", async () => {
    using client = daemon.client();
    const abort = new AbortController();
    const reason = new Error("The user went to another page.");
    const reading = (async (): Promise<void> => {
      for await (const frame of client.read(large, { tree: true, signal: abort.signal })) {
        if (frame.number === 3) abort.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
  });

  test("slows down the daemon when it is read slowly", async () => {
    await using proxy = await Proxy.to(daemon.address);
    using client = connect(proxy.address);
    const iterator = client.read(large, { tree: true })[Symbol.asyncIterator]();
    await iterator.next();
    const paused = await settled(() => proxy.received);
    let last = 0;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      last = next.value.number;
    }
    expect(last).toBeGreaterThan(10_000);
    expect(paused * 5).toBeLessThan(proxy.received);
  });

  test("can be read once only", async () => {
    using client = daemon.client();
    const stream = client.read("dns.pcap");
    await numbers(stream);
    await expect(numbers(stream)).rejects.toThrow("read already");
  });
});

describe("a stream that breaks off", () => {
  const views = [
    ["all frames", {}],
    ["frames that pass a filter", { filter: "tcp.srcport == 6379" }],
    ["a limited number of frames", { limit: 9000 }],
    ["a range of frames", { first: 1000, last: 12_000 }],
  ] as const;

  test.each(views)("goes on where it was, with %s", async (_, view) => {
    await using proxy = await Proxy.to(daemon.address);
    using client = connect(proxy.address);
    // The trees are more than what the buffers of a connection hold, so each cut loses some.
    const options = { ...view, tree: true };
    const whole = await numbers(client.read(large, options));
    const onResume = vi.fn<(error: DissectdError) => void>();
    const found: number[] = [];
    const stream = client.read(large, { ...options, onResume });
    for await (const frame of stream) {
      found.push(frame.number);
      if (found.length % 2000 === 0) proxy.cut();
    }
    expect(found).toEqual(whole);
    expect(onResume).toHaveBeenCalled();
    expect(onResume.mock.calls[0]?.[0]).toBeInstanceOf(DissectdError);
    expect(stream.end?.framesSent).toBe(whole.length);
  });

  test("goes on where it was, with columns", async () => {
    await using proxy = await Proxy.to(daemon.address);
    using client = connect(proxy.address);
    const found: number[] = [];
    for await (const batch of client.fields(large, ["tcp.len"])) {
      found.push(...batch.frameNumbers);
      proxy.cut();
    }
    expect(found).toEqual(Array.from(found, (_, index) => index + 1));
    expect(found.length).toBeGreaterThan(10_000);
  });

  test("goes on after the daemon has restarted", async () => {
    await using own = await Daemon.start();
    const file = repeatCapture(own, "redis.pcap", 100);
    using client = own.client();
    const found: number[] = [];
    for await (const frame of client.read(file, { tree: true })) {
      found.push(frame.number);
      if (found.length !== 500) continue;
      await own.kill();
      void own.restart();
    }
    expect(found).toEqual(Array.from(found, (_, index) => index + 1));
    expect(found.length).toBeGreaterThan(10_000);
  });

  test("fails when the daemon doesn't come back", async () => {
    await using own = await Daemon.start();
    const file = repeatCapture(own, "redis.pcap", 100);
    using client = own.client();
    const reading = (async (): Promise<void> => {
      for await (const frame of client.read(file, { tree: true, resumeForMs: 500 })) {
        if (frame.number === 10) await own.kill();
      }
    })();
    const error = await reading.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain("The daemon can't be reached");
  });

  test("goes on when a connection has stalled", async () => {
    await using proxy = await Proxy.to(daemon.address);
    using client = connect(proxy.address, { keepaliveMs: 1000 });
    const found: number[] = [];
    const onResume = vi.fn(() => {
      proxy.stall(false);
    });
    for await (const frame of client.read(large, { tree: true, onResume })) {
      found.push(frame.number);
      if (found.length === 500) proxy.stall(true);
    }
    expect(onResume).toHaveBeenCalled();
    expect(found).toEqual(Array.from(found, (_, index) => index + 1));
    expect(found.length).toBeGreaterThan(10_000);
  });
});

describe("errors", () => {
  test("of filters have the place", async () => {
    using client = daemon.client();
    const filter = 'frame contains "é" && ip.adr';
    const error = await numbers(client.read("dns.pcap", { filter })).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FilterError);
    const { span, reason, code } = error as FilterError;
    expect(filter.slice(span?.start, span?.end)).toBe("ip.adr");
    expect(reason).toBe("DISPLAY_FILTER_INVALID");
    expect(code).toBe(Code.InvalidArgument);
    expect((error as FilterError).explain()).toBe(
      `ip.adr is neither a field nor a protocol name.\n    ${filter}\n    ${" ".repeat(23)}^~~~~~`,
    );
  });

  test("of files name them", async () => {
    using client = daemon.client();
    const error = await numbers(client.read("none.pcap")).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ reason: "FILE_NOT_FOUND" });
    expect(String(error)).toContain("none.pcap");
  });

  test("of damaged files come after the good frames", async () => {
    using client = daemon.client();
    const found: number[] = [];
    const reading = (async (): Promise<void> => {
      for await (const frame of client.read("cut-short.pcap")) found.push(frame.number);
    })();
    await expect(reading).rejects.toThrow(CaptureFileError);
    const good = await numbers(client.read("cut-short.pcap", { allowDamaged: true }));
    expect(found).toEqual(good);
    expect(good.length).toBeGreaterThan(10);
  });

  test("say that nobody listens, without waiting for it", async () => {
    using client = connect("127.0.0.1:1");
    const error = await numbers(client.read("dns.pcap")).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain("nobody listens at 127.0.0.1:1 (ECONNREFUSED).");
  });
});
