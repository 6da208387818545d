// SPDX-License-Identifier: Apache-2.0

import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CaptureState, type Progress, SessionState } from "../src/api.js";
import {
  type Client,
  connect,
  FilterError,
  Instant,
  NotFoundError,
  type Rate,
  type UploadProgress,
} from "../src/node.js";
import { repeatCapture } from "./support/captures.js";
import { CAPTURES, Daemon } from "./support/daemon.js";
import { Proxy } from "./support/proxy.js";
import { Traffic } from "./support/traffic.js";

let daemon: Daemon;
let client: Client;
beforeAll(async () => {
  daemon = await Daemon.start();
  client = daemon.client();
});
afterAll(async () => {
  client.close();
  await daemon[Symbol.asyncDispose]();
});

describe("a frame", () => {
  test("has values of the types that are asked for", async () => {
    const fields = [
      "dns.a",
      "dns.time",
      "udp.srcport",
      "frame.time",
      "eth.src",
      "dns.flags.response",
    ];
    for await (const frame of client.read("dns.pcap", { fields, filter: "dns.a", limit: 1 })) {
      expect(frame.get("udp.srcport", Number)).toBe(53);
      expect(frame.get("udp.srcport", BigInt)).toBe(53n);
      expect(frame.get("dns.a", String)).toBe("192.0.2.80");
      expect(frame.get("eth.src")).toBe("02:00:00:00:00:02");
      expect(frame.get("dns.flags.response", Boolean)).toBe(true);
      expect(frame.get("frame.time", Instant)).toEqual(frame.time);
      expect(frame.time?.toString()).toBe("2026-11-24T07:00:10.590496000Z");
      expect(frame.time?.toEpoch()).toBe("1795503610.590496000");
      expect(frame.has("tcp.srcport")).toBe(false);
      expect(() => frame.get("udp.srcport", String)).toThrow(
        "udp.srcport is a number, not a String.",
      );
    }
  });

  test("has all fields unless some are asked for", async () => {
    const selection = { filter: "dns.a", limit: 1 };
    for await (const frame of client.read("dns.pcap", selection)) {
      expect(frame.get("dns.a")).toBe("192.0.2.80");
      expect(frame.tree.first("dns")?.label).toContain("Domain Name System");
      expect(frame.has("ip.addr")).toBe(false);
    }
    const named = [{ fields: ["ip.addr"] }, { columns: ["info"] }, { tree: false }];
    for (const parts of named) {
      for await (const frame of client.read("dns.pcap", { ...selection, ...parts })) {
        expect(frame.tree).toHaveLength(0);
        expect(frame.has("ip.addr")).toBe("fields" in parts);
      }
    }
    const hidden = await client.frame("dns.pcap", 2, { hidden: true });
    expect(hidden.get("ip.addr")).toBe("192.0.2.2");
  });

  test("has a tree to walk through", async () => {
    const frame = await client.frame("dns.pcap", 2);
    expect(frame.tree.roots.map(({ name }) => name)).toEqual(["frame", "eth", "ip", "udp", "dns"]);
    const [flags] = frame.occurrences("dns.flags");
    expect(flags?.label).toBe("Flags: 0x8580 Standard query response, No error");
    expect(flags?.children.map(({ name }) => name)).toContain("dns.flags.rcode");
    expect(frame.get("dns.flags")).toBe(0x8580);
  });

  test("that doesn't exist is an error", async () => {
    await expect(client.frame("dns.pcap", 100_000)).rejects.toMatchObject({
      reason: "FRAME_NOT_FOUND",
    });
  });

  test.each([0, -1, 1.5, Number.NaN])("can't have the number %s", async (number) => {
    const message = `There is no frame ${String(number)}: frames are numbered from 1.`;
    await expect(client.frame("dns.pcap", number)).rejects.toThrow(new RangeError(message));
    await using session = await client.open("dns.pcap");
    await expect(session.frame(number)).rejects.toThrow(new RangeError(message));
  });
});

describe("columns", () => {
  test("are rows with typed keys", async () => {
    for await (const row of client.rows("dns.pcap", ["src", "info", "ip.ttl"], {
      first: 2,
      limit: 1,
    })) {
      expect(row.src).toBe("192.0.2.2");
      expect(row.info).toContain("www.example.org A 192.0.2.80");
      expect(row["ip.ttl"]).toBe("64");
    }
  });

  test("of fields are typed arrays", async () => {
    for await (const batch of client.fields("dns.pcap", ["udp.srcport", "dns.a"], { limit: 2 })) {
      const ports = batch.field("udp.srcport");
      expect(ports.values).toEqual(new Uint32Array([48810, 53]));
      expect(ports.offsets).toEqual(new Uint32Array([0, 1, 2]));
      expect(batch.field("dns.a").all(1)).toEqual(["192.0.2.80"]);
      expect(() => batch.field("tcp.len")).toThrow("was not requested");
    }
  });
});

test("a filter is checked, and completed", async () => {
  const checked = await client.checkFilter("ip.src == 192.0.2.1");
  expect(checked.fields.map(({ name }) => name)).toEqual(["ip.src"]);
  await expect(client.checkFilter("ip.src ==")).rejects.toThrow(FilterError);
  const items = await client.completeFilter("dns.flags.resp");
  expect(items.map(({ insertText }) => insertText)).toContain("dns.flags.response");
});

test("a session answers questions", async () => {
  await using session = await client.open("http1.pcap.gz");
  expect(session.info.state).toBe(SessionState.READY);
  const number = await session.find({ case: "displayFilter", value: "http.response" });
  const frame = await session.frame(number ?? 0);
  expect(frame.get("http.response.code", Number)).toBe(200);
  const page = await session.page({ filter: "http", columns: ["info"], limit: 2 });
  expect(page.frames).toHaveLength(2);
  const followed = session.follow("tcp", 0);
  expect(new TextDecoder("latin1").decode(await followed.server())).toMatch(/^HTTP\/1.1 200 OK/);
  expect(followed.header?.displayFilter).toBe("tcp.stream eq 0");
  expect((await session.conversations("tcp")).length).toBeGreaterThan(1);
  expect((await session.endpoints("ip")).length).toBeGreaterThan(1);
  expect((await session.protocols()).map(({ protocol }) => protocol)).toContain("http");
});

describe("a capture that takes a while to open", () => {
  let large: string;
  beforeAll(() => {
    // Half a million frames: progress is told twice a second.
    large = repeatCapture(daemon, "dns.pcap", 20_000);
  });

  test("tells its progress", async () => {
    const steps: Progress[] = [];
    await using session = await client.open(large, {
      onProgress: (progress) => {
        steps.push(progress);
      },
    });
    expect(session.info.state).toBe(SessionState.READY);
    expect(steps.length).toBeGreaterThan(0);
    const frames = steps.map(({ framesRead }) => framesRead);
    expect(frames).toEqual(frames.toSorted((one, other) => one - other));
    expect(frames.at(-1)).toBeLessThanOrEqual(session.info.frames);
    expect(steps.every(({ bytesRead, bytesTotal }) => bytesRead <= bytesTotal)).toBe(true);
  });

  test("is closed if one doesn't wait for it", async () => {
    const abort = new AbortController();
    const opened = client.open(large, {
      // With other options it isn't the one that has been read before.
      dissection: { disabledProtocols: ["dns"] },
      signal: abort.signal,
      onProgress: () => {
        abort.abort();
      },
    });
    await expect(opened).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    const { sessions } = await client.services.session.listSessions({});
    expect(sessions).toEqual([]);
  });
});

test.each(["/tmp/dns.pcap", "./dns.pcap", "../dns.pcap", "C:\\dns.pcap"])(
  "the path %s is told from a name in the store",
  async (path) => {
    expect(() => client.read(path)).toThrow(TypeError);
    expect(() => client.read(path)).toThrow(
      `"${path}" is a path of this machine, and a name in the daemon's store is expected`,
    );
    expect(() => client.file(path)).toThrow("Upload the file, in Node with uploadPath");
    await expect(client.open(path)).rejects.toThrow("Upload the file, in Node with uploadPath");
  },
);

describe("an upload", () => {
  const content = randomBytes(3_500_000);

  test("shows progress, and sends nothing the second time", async () => {
    await using proxy = await Proxy.to(daemon.address);
    using own = connect(proxy.address);
    const path = join(daemon.folder, "upload.bin");
    writeFileSync(path, content);
    const steps: number[] = [];
    const onProgress = ({ bytes }: { bytes: number }): void => {
      steps.push(bytes);
    };
    await using file = await own.uploadPath(path, { onProgress });
    expect(steps.at(0)).toBe(1 << 20);
    expect(steps.at(-1)).toBe(content.length);
    expect(Number((await file.info()).sizeBytes)).toBe(content.length);
    const parts: Uint8Array[] = [];
    for await (const part of file.read()) parts.push(part);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
    steps.length = 0;
    const again = await own.upload(new Blob([content]), { name: "upload.bin", onProgress });
    expect(again.name).toBe(file.name);
    expect(steps).toEqual([content.length]);
  });

  test("goes on after the connection broke", async () => {
    await using proxy = await Proxy.to(daemon.address);
    using own = connect(proxy.address);
    let cuts = 0;
    const onProgress = (): void => {
      if (cuts++ < 2) proxy.cut();
    };
    await using file = await own.upload(content, { name: "broken.bin", onProgress });
    expect(Number((await file.info()).sizeBytes)).toBe(content.length);
    expect(cuts).toBeGreaterThan(2);
  });

  test("is abandoned with its signal", async () => {
    const abort = new AbortController();
    const onProgress = (): void => {
      abort.abort(new Error("enough"));
    };
    const options = { name: "abandoned.bin", signal: abort.signal, onProgress };
    await expect(client.upload(content, options)).rejects.toThrow("enough");
    for await (const { name } of client.files("uploads/")) expect(name).not.toContain("abandoned");
  });

  test("goes on with the part that was left, or else begins again", async () => {
    const abort = new AbortController();
    let resume = "";
    const left = {
      name: "resumed.bin",
      keepUnfinished: true,
      signal: abort.signal,
      onProgress: ({ upload, bytes }: UploadProgress): void => {
        resume = upload;
        if (bytes >= 2 << 20) abort.abort(new Error("enough"));
      },
    };
    await expect(client.upload(content, left)).rejects.toThrow("enough");
    const steps: number[] = [];
    const onProgress = ({ bytes }: UploadProgress): void => {
      steps.push(bytes);
    };
    await using file = await client.upload(content, { name: "resumed.bin", resume, onProgress });
    expect(steps).toEqual([2 << 20, 3 << 20, content.length]);
    expect(Number((await file.info()).sizeBytes)).toBe(content.length);
    steps.length = 0;
    const unknown = "uploads/00000000000000000000000000000000";
    const options = { name: "other.bin", resume: unknown, onProgress };
    await using other = await client.upload(content, options);
    expect(steps.at(0)).toBe(1 << 20);
    expect(other.name).not.toBe(file.name);
  });

  test("is a capture to read, and gone when it is disposed of", async () => {
    let name: string;
    {
      using own = connect(daemon.address);
      await using file = await own.uploadPath(join(CAPTURES, "dns.pcap"));
      name = file.name;
      let frames = 0;
      for await (const frame of client.read(name)) frames = frame.number;
      expect(frames).toBeGreaterThan(10);
    }
    await expect(client.file(name).info()).rejects.toThrow(NotFoundError);
  });
});

describe("a live capture", () => {
  test("ends by itself, and is gone when it is disposed of", async () => {
    await using traffic = await Traffic.start();
    const captureFilter = `udp port ${String(traffic.port)}`;
    const ports: (number | undefined)[] = [];
    let name: string;
    {
      await using capture = await client.capture("lo", { captureFilter, packets: 5 });
      name = capture.name;
      const sent = traffic.send(5);
      for await (const frame of capture.frames({ fields: ["udp.dstport"] })) {
        ports.push(frame.get("udp.dstport", Number));
      }
      await sent;
      expect((await capture.info()).state).toBe(CaptureState.STOPPED);
    }
    expect(ports).toEqual(Array<number>(5).fill(traffic.port));
    await expect(client.attach(name).info()).rejects.toThrow(NotFoundError);
  });

  test("loses and doubles nothing when the connection breaks", async () => {
    await using traffic = await Traffic.start();
    await using proxy = await Proxy.to(daemon.address);
    using own = connect(proxy.address);
    const captureFilter = `udp port ${String(traffic.port)}`;
    await using capture = await own.capture("lo", { captureFilter, packets: 60 });
    const found: number[] = [];
    let sent = traffic.send(10);
    for await (const frame of capture.frames()) {
      found.push(frame.number);
      if (found.length % 10 !== 0) continue;
      await sent;
      proxy.cut();
      if (found.length < 60) sent = traffic.send(10);
    }
    expect(found).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  });

  test("can be followed from now on", async () => {
    await using traffic = await Traffic.start();
    const captureFilter = `udp port ${String(traffic.port)}`;
    await using capture = await client.capture("lo", { captureFilter });
    await traffic.send(4);
    for await (const frame of capture.frames()) if (frame.number === 4) break;
    await expect.poll(async () => (await capture.info()).packetsWritten).toBe(4n);
    let first = 0;
    const reading = (async (): Promise<void> => {
      for await (const frame of capture.frames({ fromNow: true })) {
        first = frame.number;
        break;
      }
    })();
    await expect
      .poll(async () => {
        await traffic.send(1);
        return first;
      })
      .toBeGreaterThan(4);
    await reading;
  });

  test("tells its rates, none missing after a broken connection", async () => {
    await using traffic = await Traffic.start();
    await using proxy = await Proxy.to(daemon.address);
    using own = connect(proxy.address);
    const captureFilter = `udp port ${String(traffic.port)}`;
    await using capture = await own.capture("lo", { captureFilter, packets: 30 });
    const rates: Rate[] = [];
    let sent = Promise.resolve();
    for await (const rate of capture.rates({ everyMs: 200 })) {
      rates.push(rate);
      const isIdle = rate.packets === 0 && rates.length > 1;
      if (isIdle || rate.totalPackets % 10 !== 0 || rate.totalPackets === 30) continue;
      await sent;
      proxy.cut();
      sent = traffic.send(10);
    }
    expect(rates.reduce((sum, { packets }) => sum + packets, 0)).toBe(30);
    expect(rates.at(-1)?.totalPackets).toBe(30);
    expect(rates.flatMap(({ top }) => top.map(({ name }) => name))).toContain("udp");
  });
});
