// SPDX-License-Identifier: Apache-2.0

// What the tests do in a page.
import { Code, connect, type DissectdError, type WebOptions } from "../../src/web.js";

type Protocol = NonNullable<WebOptions["protocol"]>;

/** The numbers of the frames of a live capture that have arrived. */
const arrived: number[] = [];

/** What a page can tell a test of an error. */
function describe(error: unknown): Record<string, unknown> {
  const { name, message, code, reason } = error as DissectdError;
  const span = "span" in (error as object) ? (error as { span: unknown }).span : undefined;
  return { name, message, code: Code[code], reason, span };
}

async function settle(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error: describe(error) }),
  );
}

const scenarios = {
  async list(gateway: string, protocol: Protocol, file: string): Promise<unknown> {
    using client = connect(gateway, { protocol });
    const rows: unknown[] = [];
    for await (const row of client.rows(file, ["number", "src", "info"])) rows.push(row);
    return rows;
  },

  async tree(gateway: string, protocol: Protocol, file: string, number: number): Promise<string> {
    using client = connect(gateway, { protocol });
    return (await client.frame(file, number)).tree.toString();
  },

  async wrongFilter(gateway: string, protocol: Protocol, filter: string): Promise<unknown> {
    using client = connect(gateway, { protocol });
    for await (const frame of client.read("dns.pcap", { filter })) return frame.number;
    return undefined;
  },

  /** Follows a capture until it ends, or until a number of frames has arrived. */
  async follow(
    gateway: string,
    protocol: Protocol,
    name: string,
    leaveAfter = 0,
  ): Promise<unknown> {
    using client = connect(gateway, { protocol });
    const abort = new AbortController();
    let resumed = 0;
    arrived.length = 0;
    const onResume = (): void => {
      ++resumed;
    };
    for await (const frame of client.attach(name).frames({ signal: abort.signal, onResume })) {
      arrived.push(frame.number);
      if (arrived.length === leaveAfter) abort.abort(new Error("The reader left."));
    }
    return { resumed };
  },

  /** Uploads the file that the user has chosen. */
  async upload(gateway: string, protocol: Protocol): Promise<unknown> {
    using client = connect(gateway, { protocol });
    const file = document.querySelector("input")?.files?.[0];
    if (file === undefined) throw new Error("No file is chosen.");
    const steps: number[] = [];
    const onProgress = ({ bytes }: { bytes: number }): void => {
      steps.push(bytes);
    };
    const stored = await client.upload(file, { onProgress });
    let frames = 0;
    for await (const frame of client.read(stored.name)) frames = frame.number;
    return { steps, frames };
  },

  /** Watches a capture in many calls at a time; returns when all have told something. */
  async watch(gateway: string, protocol: Protocol, name: string, count: number): Promise<number> {
    using client = connect(gateway, { protocol });
    const first = async (): Promise<number> => {
      for await (const rate of client.attach(name).rates()) return rate.totalPackets;
      return 0;
    };
    return (await Promise.all(Array.from({ length: count }, first))).length;
  },
};

export type Scenarios = typeof scenarios;

declare global {
  var arrived: number[];
  var play: (name: keyof Scenarios, words: unknown[]) => Promise<unknown>;
}

globalThis.arrived = arrived;
globalThis.play = (name, words): Promise<unknown> =>
  settle((scenarios[name] as (...words: unknown[]) => Promise<unknown>)(...words));
