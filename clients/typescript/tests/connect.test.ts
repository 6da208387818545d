// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectSocket } from "node:net";
import { fileURLToPath } from "node:url";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAddress } from "../src/address.js";
import { ServerService } from "../src/api.js";
import {
  type Client,
  Code,
  connect,
  DissectdError,
  UnauthenticatedError,
  UnavailableError,
} from "../src/node.js";
import { typedTransport } from "../src/transport.js";
import { freePort } from "./support/browser.js";
import { repeatCapture } from "./support/captures.js";
import { Daemon } from "./support/daemon.js";
import { Proxy } from "./support/proxy.js";

const POLICY = fileURLToPath(new URL("../../../deploy/policy/everyone.json", import.meta.url));

describe("an address", () => {
  test.each([
    ["lab.example:1234", "lab.example:1234", false],
    ["lab.example", "lab.example:50051", false],
    [":1234", "localhost:1234", false],
    ["[2001:db8::1]:1234", "[2001:db8::1]:1234", false],
    ["2001:db8::1", "[2001:db8::1]:50051", false],
    ["http://lab.example:1234/", "lab.example:1234", false],
    ["https://lab.example", "lab.example:50051", true],
  ])("%s is %s", (text, authority, tls) => {
    expect(parseAddress(text)).toEqual({ authority, tls });
  });

  test.each(["unix:/run/socket", "unix:///run/socket", "/run/socket"])("%s is a socket", (text) => {
    expect(parseAddress(text).socket).toBe("/run/socket");
  });

  test.each(["lab.example:0", "lab.example:99999", "ftp://lab.example", "lab:daemon"])(
    "%s is refused",
    (text) => {
      expect(() => parseAddress(text)).toThrow(`"${text}" isn't the address of a daemon.`);
    },
  );
});

test("a token isn't sent to others without TLS", () => {
  expect(() => connect("lab.example", { token: "secret" })).toThrow("without TLS");
  expect(() => connect("/run/socket", { tls: true })).toThrow("TLS isn't for");
});

describe("a daemon without TLS", () => {
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = await Daemon.start();
  });
  afterAll(() => daemon[Symbol.asyncDispose]());

  test("isn't spoken to with TLS", async () => {
    await using proxy = await Proxy.to(daemon.address);
    using client = connect(proxy.address, { tls: true });
    const error = await client.info().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    const question = "doesn't speak TLS (wrong version number). Is it a daemon without TLS?";
    expect(String(error)).toContain(`${proxy.address} ${question}`);
  });

  test("that isn't there is named", async () => {
    using client = connect("unix:/tmp/no-daemon");
    const error = await client.info().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain("nobody listens at unix:/tmp/no-daemon (ENOENT).");
  });

  test("that is too old is told by the method it doesn't have", async () => {
    const transport = createGrpcTransport({
      baseUrl: "http://localhost",
      nodeOptions: { createConnection: () => connectSocket(daemon.address.replace("unix:", "")) },
    });
    const later = { ...ServerService.method.getServerInfo, name: "GetMoreServerInfo" };
    const call = typedTransport(transport, () => false).unary(
      later,
      undefined,
      undefined,
      undefined,
      {},
    );
    const error = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DissectdError);
    expect(error).toMatchObject({ code: Code.Unimplemented, reason: "" });
    expect(String(error)).toContain("The daemon is older than this client, or no dissectd.");
  });
});

describe("a daemon with TLS and tokens", () => {
  const folder = mkdtempSync(join(tmpdir(), "dissectd-ts-tls-"));
  const certificate = join(folder, "certificate.pem");
  const key = join(folder, "key.pem");
  let daemon: Daemon;
  let ca: string;

  /** Returns a token, and the line about it for the daemon. */
  function createToken(name: string): { token: string; line: string } {
    const path = join(folder, name);
    const flags = ["token", "create", name, "--expires", "1d", "--output", path];
    const line = execFileSync(process.env["DISSECTCTL"] ?? "", flags, { encoding: "utf8" });
    return { token: readFileSync(path, "utf8").trim(), line };
  }

  async function principal(client: Client): Promise<string | undefined> {
    using closing = client;
    return (await closing.info()).caller?.principal;
  }

  const alice = createToken("alice");
  const bob = createToken("bob");
  const late = createToken("late");

  beforeAll(async () => {
    execFileSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
      ...["-nodes", "-days", "2", "-subj", "/CN=lab", "-addext", "subjectAltName=DNS:lab.example"],
      ...["-keyout", key, "-out", certificate],
    ]);
    ca = readFileSync(certificate, "utf8");
    const tokens = join(folder, "tokens");
    const expired = late.line.replace(/\d{4}-\d\d-\d\dT\S+/, "2020-01-01T00:00:00Z");
    writeFileSync(tokens, alice.line + bob.line + expired);
    const flags = [`--token-file=${tokens}`, `--policy=${POLICY}`];
    const tls = [`--tls-certificate=${certificate}`, `--tls-key=${key}`];
    daemon = await Daemon.start([
      ...flags,
      ...tls,
      "--identify-unix-users",
      `--listen=127.0.0.1:${String(await freePort())}`,
    ]);
  });

  afterAll(async () => {
    await daemon[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  function options(token: string | (() => string)): Parameters<typeof connect>[1] {
    return { tls: { ca, serverName: "lab.example" }, token };
  }

  test("knows the caller", async () => {
    expect(await principal(connect(daemon.tcpAddress, options(alice.token)))).toBe("token:alice");
  });

  test("says that a token has expired, and takes the next one", async () => {
    let token = late.token;
    using client = connect(
      daemon.tcpAddress,
      options(() => token),
    );
    const error = await client.info().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnauthenticatedError);
    expect(error).toMatchObject({ reason: "TOKEN_EXPIRED" });
    token = alice.token;
    expect((await client.info()).caller?.principal).toBe("token:alice");
  });

  describe("resumes a stream", () => {
    let large: string;
    beforeAll(() => {
      large = repeatCapture(daemon, "redis.pcap", 100);
    });

    /** Reads all frames, while the connection breaks and another token has to do. */
    async function readWithBreak(next: string, found: number[]): Promise<void> {
      await using proxy = await Proxy.to(daemon.tcpAddress);
      let token = alice.token;
      using client = connect(
        proxy.address,
        options(() => token),
      );
      for await (const frame of client.read(large, { tree: true })) {
        found.push(frame.number);
        if (found.length !== 500) continue;
        token = next;
        proxy.cut();
      }
    }

    test("with the next token", async () => {
      const found: number[] = [];
      await readWithBreak(bob.token, found);
      expect(found).toEqual(Array.from(found, (_, index) => index + 1));
      expect(found.length).toBeGreaterThan(10_000);
    });

    test("unless the token has expired, and says so at once", async () => {
      const found: number[] = [];
      const error = await readWithBreak(late.token, found).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnauthenticatedError);
      expect(error).toMatchObject({ reason: "TOKEN_EXPIRED" });
      expect(found.length).toBeGreaterThanOrEqual(500);
      expect(found).toEqual(Array.from(found, (_, index) => index + 1));
    });
  });

  test("isn't spoken to without TLS", async () => {
    using client = connect(daemon.tcpAddress);
    const error = await client.info().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toMatch(/ to 127\.0\.0\.1:\d+: .* Does the daemon expect TLS\?$/);
  });

  test("isn't trusted without its authority", async () => {
    using client = connect(daemon.tcpAddress, { tls: true, token: alice.token });
    const error = await client.info().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toMatch(/127\.0\.0\.1:\d+: self-signed certificate/);
  });
});
