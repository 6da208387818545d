// SPDX-License-Identifier: Apache-2.0

// The client for browsers in Node, through the gateway that the project ships.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NotFoundError } from "../src/index.js";
import type { Client } from "../src/node.js";
import { connect } from "../src/web.js";
import { freePort, Gateway } from "./support/browser.js";
import { Daemon } from "./support/daemon.js";
import { Traffic } from "./support/traffic.js";

// More than a request of Connect may have, in which the chunks of an upload are.
const UPLOAD_BYTES = 20_000_000;

let daemon: Daemon;
let direct: Client;
let gateway: Gateway;

beforeAll(async () => {
  daemon = await Daemon.start([], `127.0.0.1:${String(await freePort())}`);
  direct = daemon.client();
  gateway = await Gateway.startPlain(daemon.address);
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  direct.close();
  await daemon[Symbol.asyncDispose]();
});

describe.each(["grpc-web", "connect"] as const)("a program that speaks %s", (protocol) => {
  let client: Client;
  beforeAll(() => {
    client = connect(gateway.url, { protocol });
  });
  afterAll(() => {
    client.close();
  });

  test("gets single answers and streams", async () => {
    // The time is that of each answer.
    const info = await client.info();
    expect(info.time).toBeDefined();
    expect({ ...info, time: undefined }).toEqual({ ...(await direct.info()), time: undefined });
    const numbers: number[] = [];
    for await (const frame of client.read("dns.pcap")) numbers.push(frame.number);
    expect(numbers).toEqual(Array.from({ length: 26 }, (_, index) => index + 1));
  });

  test("gets errors with their details", async () => {
    const reading = client.file("nowhere.pcap").info();
    await expect(reading).rejects.toThrow(NotFoundError);
    await expect(reading).rejects.toMatchObject({ reason: "FILE_NOT_FOUND" });
    const wrong = client.read("dns.pcap", { filter: "ip.adr" })[Symbol.asyncIterator]();
    await expect(wrong.next()).rejects.toMatchObject({
      reason: "DISPLAY_FILTER_INVALID",
      span: { start: 0, end: 6 },
    });
  });

  test("uploads and downloads a file", async () => {
    const content = new Uint8Array(randomBytes(UPLOAD_BYTES));
    const file = await client.upload(content, { name: `${protocol}.pcap` });
    const parts: Uint8Array[] = [];
    for await (const part of file.read()) parts.push(part);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });

  test("leaves a silent stream, and the daemon notices", async () => {
    await using traffic = await Traffic.start();
    const captureFilter = `udp port ${String(traffic.port)}`;
    await using capture = await client.capture("lo", { captureFilter });
    const cancelled = (): number =>
      daemon.log().split("DissectionService/Dissect: CANCELLED").length;
    const before = cancelled();
    const abort = new AbortController();
    const frames = capture.frames({ signal: abort.signal })[Symbol.asyncIterator]();
    const first = frames.next();
    await traffic.send(1);
    expect((await first).value).toMatchObject({ number: 1 });
    const second = frames.next();
    abort.abort();
    await expect(second).rejects.toThrow();
    await expect.poll(cancelled).toBe(before + 1);
  });
});
