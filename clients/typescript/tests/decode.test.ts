// SPDX-License-Identifier: Apache-2.0

import { readdirSync } from "node:fs";
import { type JsonValue, toJson } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Form, PlainFrameSchema } from "../src/api.js";
import type { ReadOptions } from "../src/index.js";
import { dissectSource, viewOf } from "../src/request.js";
import { CAPTURES, Daemon } from "./support/daemon.js";
import { plainFrame } from "./support/plain.js";

let daemon: Daemon;
beforeAll(async () => {
  daemon = await Daemon.start();
});
afterAll(() => daemon[Symbol.asyncDispose]());

/** Returns the frames in the form that the daemon itself resolves. */
async function plain(file: string, options: ReadOptions): Promise<JsonValue[]> {
  using client = daemon.client();
  const frames: JsonValue[] = [];
  const request = { source: dissectSource(file), view: viewOf(options, Form.PLAIN) };
  for await (const { kind } of client.services.dissection.dissect(request)) {
    if (kind.case !== "plainBatch") continue;
    frames.push(...kind.value.frames.map((frame) => toJson(PlainFrameSchema, frame)));
  }
  return frames;
}

async function compact(file: string, options: ReadOptions): Promise<JsonValue[]> {
  using client = daemon.client();
  const frames: JsonValue[] = [];
  for await (const frame of client.read(file, { ...options, allowDamaged: true })) {
    frames.push(toJson(PlainFrameSchema, plainFrame(frame)));
  }
  return frames;
}

/** Compares frame by frame, as a difference in all of them at once couldn't be read. */
function expectEqualFrames(decoded: JsonValue[], resolved: JsonValue[]): void {
  expect(decoded.length).toBe(resolved.length);
  const texts = resolved.map((frame) => JSON.stringify(frame));
  const different = decoded.findIndex((frame, index) => JSON.stringify(frame) !== texts[index]);
  if (different >= 0) expect(decoded[different]).toEqual(resolved[different]);
  expect(different).toBe(-1);
}

const captures = readdirSync(CAPTURES).filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name));

describe.each(captures)("the compact form of %s", (file) => {
  test("says what the plain form says of whole trees", async () => {
    // The compact form doesn't cut values that are in the bytes of the frame.
    const maxValueBytes = 1 << 20;
    const parts = { bytes: "all", hidden: true, columns: "profile" } as const;
    const options: ReadOptions = { tree: true, ...parts, maxValueBytes };
    expectEqualFrames(await compact(file, options), await plain(file, options));
  });

  test("says what the plain form says of fields", async () => {
    const fields = [
      "frame.time",
      "frame.number",
      "eth.src",
      "ip.src",
      "ipv6.dst",
      "tcp",
      "udp.port",
    ];
    const options: ReadOptions = { fields, tree: ["ip"], labels: false, colors: true };
    const frames = await compact(file, options);
    expectEqualFrames(frames, await plain(file, options));
    expect(frames.length > 0).toBe(file !== "empty.pcap");
  });
});
