// SPDX-License-Identifier: Apache-2.0

// What people do most often with a daemon: `node jobs.js JOB ARGUMENT...`. The daemon
// is the one that DISSECTD_SERVER names.
import { connect, FilterError } from "@dissectd/client/node";

using d = connect();

const jobs: Record<string, (...words: string[]) => Promise<void>> = {
  count: async (file = "") => {
    // [job count]
    const counts = new Map<string, number>();
    for await (const { protocol } of d.rows(file, ["protocol"]))
      counts.set(protocol, (counts.get(protocol) ?? 0) + 1);
    for (const name of [...counts.keys()].sort()) console.log(name, counts.get(name));
    // [end]
  },

  dns: async (file = "") => {
    // [job dns]
    for await (const row of d.rows(file, ["src", "dst", "info"], { filter: "dns" }))
      console.log(JSON.stringify(row));
    // [end]
  },

  http: async (file = "") => {
    // [job http]
    const fields = ["http.host", "http.request.uri"];
    for await (const frame of d.read(file, { filter: "http.request", fields }))
      console.log(frame.time?.toEpoch(), frame.get("http.host"), frame.get("http.request.uri"));
    // [end]
  },

  tree: async (file = "", number = "") => {
    // [job tree]
    const frame = await d.frame(file, Number(number));
    for (const node of frame.tree) console.log("  ".repeat(node.depth) + (node.label ?? ""));
    // [end]
  },

  follow: async (file = "", follower = "", stream = "") => {
    // [job follow]
    const bytes = await d.follow(file, follower, Number(stream)).server();
    console.log(Buffer.from(bytes).toString("hex"));
    // [end]
  },

  live: async (port = "") => {
    // [job live]
    const settings = { captureFilter: `udp port ${port}`, packets: 5 };
    await using capture = await d.capture("lo", settings);
    for await (const frame of capture.frames({ fields: ["udp.srcport", "udp.dstport"] }))
      console.log(frame.get("udp.srcport"), frame.get("udp.dstport"), frame.originalLength);
    console.log("stopped");
    // [end]
  },

  interfaces: async () => {
    // [job interfaces]
    for (const { name, addresses } of await d.interfaces()) console.log(name, addresses.join());
    // [end]
  },

  "wrong-filter": async (filter = "") => {
    // [job wrong-filter]
    try {
      await d.checkFilter(filter);
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      console.log(error.explain()); // error.span has the place
      process.exitCode = 2;
    }
    // [end]
  },

  upload: async (path = "", filter = "") => {
    // [job upload]
    await using file = await d.uploadPath(path);
    let frames = 0;
    for await (const _ of d.read(file.name, { filter, tree: false })) ++frames;
    console.log(frames);
    // [end]
  },

  rates: async (port = "", lines = "") => {
    // [job rates]
    await using capture = await d.capture("lo", { captureFilter: `udp port ${port}` });
    let line = 0;
    for await (const rate of capture.rates()) {
      console.log(rate.packets);
      if (++line === Number(lines)) break;
    }
    // [end]
  },
};

const [job = "", ...words] = process.argv.slice(2);
await jobs[job]?.(...words);
