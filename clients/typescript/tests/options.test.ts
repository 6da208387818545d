// SPDX-License-Identifier: Apache-2.0

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, connect } from "../src/node.js";
import { connect as connectWeb } from "../src/web.js";
import { Daemon } from "./support/daemon.js";

// In JavaScript nobody checks the names.
const wrong = { filtre: "dns" } as object;
const refusal = /^There is no option "filtre" here\. The options are: /;

describe("an option that doesn't exist", () => {
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

  test.each<[string, (client: Client) => unknown]>([
    ["connect", (): unknown => connect("localhost", wrong)],
    ["connect, about TLS", (): unknown => connect("localhost", { tls: wrong })],
    ["connect in browsers", (): unknown => connectWeb("http://localhost", wrong)],
    ["read", (d): unknown => d.read("dns.pcap", wrong)],
    ["read, about dissection", (d): unknown => d.read("dns.pcap", { dissection: wrong })],
    ["fields", (d): unknown => d.fields("dns.pcap", ["dns.a"], wrong)],
    ["rows", (d): unknown => d.rows("dns.pcap", ["info"], wrong)],
    ["reports", (d): unknown => d.reports("dns.pcap", ["io,phs"], wrong)],
    ["frames of a capture", (d): unknown => d.attach("captures/1").frames(wrong)],
    [
      "rows of a capture from now on",
      (d): unknown => d.attach("captures/1").rows(["info"], { ...wrong, fromNow: true }),
    ],
  ])("is refused by %s", (_, call) => {
    expect(() => call(client)).toThrow(TypeError);
    expect(() => call(client)).toThrow(refusal);
  });

  test.each<[string, (client: Client) => Promise<unknown>]>([
    ["frame", (d): Promise<unknown> => d.frame("dns.pcap", 1, wrong)],
    ["open", (d): Promise<unknown> => d.open("dns.pcap", wrong)],
    ["capture", (d): Promise<unknown> => d.capture("lo", wrong)],
    [
      "capture, about the API's options",
      (d): Promise<unknown> => d.capture("lo", { options: wrong }),
    ],
    ["rates", (d): Promise<unknown> => d.attach("captures/1").rates(wrong).next()],
    ["delete", (d): Promise<unknown> => d.attach("captures/1").delete(wrong)],
    ["upload", (d): Promise<unknown> => d.upload(new Uint8Array(24), wrong)],
  ])("is refused by %s", async (_, call) => {
    const answer = call(client);
    await expect(answer).rejects.toThrow(TypeError);
    await expect(answer).rejects.toThrow(refusal);
  });

  test("is refused by sessions", async () => {
    await using session = await client.open("dns.pcap");
    await expect(session.frame(1, wrong)).rejects.toThrow(refusal);
    await expect(session.page(wrong)).rejects.toThrow(refusal);
    expect(() => session.frames(wrong)).toThrow(refusal);
    const search = { case: "displayFilter", value: "dns" } as const;
    await expect(session.find(search, wrong)).rejects.toThrow(refusal);
  });
});

test("options are an object", () => {
  using client = connect();
  const options: unknown = "dns";
  expect(() => client.read("dns.pcap", options as object)).toThrow(
    new TypeError('Options are an object, not "dns".'),
  );
});
