// SPDX-License-Identifier: Apache-2.0

// The client in Chromium, through the gateway that the project ships.
import { cpSync, statSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../src/node.js";
import {
  buildPage,
  freePort,
  Gateway,
  launchChromium,
  originOf,
  serve,
} from "./support/browser.js";
import { repeatCapture } from "./support/captures.js";
import { Daemon } from "./support/daemon.js";
import { Traffic } from "./support/traffic.js";
import type { Scenarios } from "./page/page.js";

let daemon: Daemon;
let client: Client;
let site: Server;
let foreignSite: Server;
let browser: Browser;
let gateway: Gateway;
let page: Page;
let large: string;

async function openPage(server: Server): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const opened = await context.newPage();
  await opened.goto(originOf(server));
  await opened.waitForFunction(() => "play" in globalThis);
  return opened;
}

/** Plays a scenario of the page, and returns its value or error. */
function play(name: keyof Scenarios, words: unknown[], where = page): Promise<unknown> {
  return where.evaluate(([scenario, parameters]) => globalThis.play(scenario, parameters), [
    name,
    words,
  ] as const);
}

/** Waits until a number of frames of a live capture have arrived in the page. */
async function untilArrived(count: number): Promise<number[]> {
  const arrived = await page.waitForFunction(
    (wanted) => (globalThis.arrived.length >= wanted ? globalThis.arrived : undefined),
    count,
  );
  return (await arrived.jsonValue()) ?? [];
}

/** Returns the number of streams of frames whose end the daemon has noticed. */
function cancelledStreams(): number {
  return daemon.log().split("DissectionService/Dissect: CANCELLED").length - 1;
}

beforeAll(async () => {
  daemon = await Daemon.start([], `127.0.0.1:${String(await freePort())}`);
  client = daemon.client();
  large = repeatCapture(daemon, "redis.pcap", 10);
  const folder = await buildPage(join(daemon.folder, "page"));
  [site, foreignSite] = await Promise.all([serve(folder), serve(folder)]);
  const origin = originOf(site).replaceAll(".", String.raw`\.`);
  gateway = await Gateway.start(daemon.address, origin);
  browser = await launchChromium();
  page = await openPage(site);
});

afterAll(async () => {
  await browser.close();
  await gateway[Symbol.asyncDispose]();
  for (const server of [site, foreignSite]) server.close();
  client.close();
  await daemon[Symbol.asyncDispose]();
});

describe.each(["grpc-web", "connect"])("a page that speaks %s", (protocol) => {
  test("lists the packets of a file", async () => {
    const rows: unknown[] = [];
    for await (const row of client.rows("http1.pcap.gz", ["number", "src", "info"])) rows.push(row);
    expect(rows.length).toBeGreaterThan(20);
    expect(await play("list", [gateway.url, protocol, "http1.pcap.gz"])).toEqual({ value: rows });
  });

  test("shows a tree", async () => {
    const frame = await client.frame("dns.pcap", 2);
    const shown = await play("tree", [gateway.url, protocol, "dns.pcap", 2]);
    expect(shown).toEqual({ value: frame.tree.toString() });
  });

  test("gets the place of an error in a filter", async () => {
    expect(await play("wrongFilter", [gateway.url, protocol, "tcp && ip.adr"])).toEqual({
      error: {
        name: "FilterError",
        message: "ip.adr is neither a field nor a protocol name.",
        code: "InvalidArgument",
        reason: "DISPLAY_FILTER_INVALID",
        span: { start: 7, end: 13 },
      },
    });
  });

  test("leaves a live stream, and the daemon notices", async () => {
    await using traffic = await Traffic.start();
    const captureFilter = `udp port ${String(traffic.port)}`;
    await using capture = await client.capture("lo", { captureFilter });
    const before = cancelledStreams();
    const following = play("follow", [gateway.url, protocol, capture.name, 3]);
    await traffic.send(3);
    expect(await following).toMatchObject({ error: { message: "The reader left." } });
    await expect.poll(cancelledStreams).toBe(before + 1);
  });

  test("follows a capture while the gateway is replaced", async () => {
    await using traffic = await Traffic.start();
    const captureFilter = `udp port ${String(traffic.port)}`;
    await using capture = await client.capture("lo", { captureFilter, packets: 6 });
    const following = play("follow", [gateway.url, protocol, capture.name]);
    await traffic.send(3);
    await untilArrived(3);
    await gateway.restart();
    await traffic.send(3);
    const { value } = (await following) as { value: { resumed: number } };
    expect(value.resumed).toBeGreaterThan(0);
    expect(await untilArrived(6)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("follows a capture while the daemon restarts", async () => {
    await using traffic = await Traffic.start();
    const captureFilter = `udp port ${String(traffic.port)}`;
    const { name } = await client.capture("lo", { captureFilter, idleSeconds: 0 });
    const following = play("follow", [gateway.url, protocol, name]);
    await traffic.send(5);
    await untilArrived(5);
    await daemon.kill();
    await daemon.restart();
    // The capture has ended with the daemon; what it wrote is still there.
    expect(await following).toMatchObject({ value: {} });
    expect(await untilArrived(5)).toEqual([1, 2, 3, 4, 5]);
  });

  test("uploads a file that the user chooses, once", async () => {
    const path = join(daemon.folder, `${protocol}.pcap`);
    cpSync(join(daemon.store, large), path);
    const { size } = statSync(path);
    await page.setInputFiles("input", path);
    const first = await play("upload", [gateway.url, protocol]);
    expect(first).toMatchObject({ value: { frames: 1230, steps: [1 << 20, size] } });
    const second = await play("upload", [gateway.url, protocol]);
    expect(second).toMatchObject({ value: { frames: 1230, steps: [size] } });
  });

  test("of another origin is refused", async () => {
    const foreign = await openPage(foreignSite);
    const answer = await play("list", [gateway.url, protocol, "dns.pcap"], foreign);
    expect(answer).toMatchObject({ error: { name: "UnavailableError", reason: "" } });
  });

  test("holds more streams than HTTP/1.1 allows", async () => {
    await using traffic = await Traffic.start();
    const captureFilter = `udp port ${String(traffic.port)}`;
    await using capture = await client.capture("lo", { captureFilter });
    expect(await play("watch", [gateway.url, protocol, capture.name, 12])).toEqual({ value: 12 });
  });
});

test("a request of another origin doesn't reach the daemon", async () => {
  const url = `${gateway.url}/dissectd.v1.ServerService/GetServerInfo`;
  const headers = { "content-type": "application/proto", origin: "https://other.example" };
  const foreign = await page.request.post(url, { headers, data: "" });
  expect(foreign.status()).toBe(403);
  const own = await page.request.post(url, {
    headers: { ...headers, origin: originOf(site) },
    data: "",
  });
  expect(own.status()).toBe(200);
});
