// SPDX-License-Identifier: Apache-2.0

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { build } from "vite";

const GATEWAY = fileURLToPath(new URL("../../../../tools/dev/gateway.sh", import.meta.url));
const PAGE = fileURLToPath(new URL("../page", import.meta.url));
const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
};
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Returns a port of 127.0.0.1 that nobody uses. */
export async function freePort(): Promise<number> {
  const server = createSocketServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts Debian's Chromium, which calls nobody by itself. */
export function launchChromium(): Promise<Browser> {
  // It refuses to confine itself for root.
  const args = process.getuid?.() === 0 ? [...FLAGS, "--no-sandbox"] : FLAGS;
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** Envoy, as `./dev gateway` runs it. */
export class Gateway implements AsyncDisposable {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly flags: readonly string[],
    readonly url: string,
  ) {}

  /** Starts it with TLS, for the pages of an origin. */
  static start(daemon: string, origin: string): Promise<Gateway> {
    return Gateway.launched("https", `--daemon=${daemon}`, `--origin=${origin}`, "--tls");
  }

  /** Starts it with TLS and the files of a page, which may call at the same origin. */
  static startWithPage(daemon: string, page: string): Promise<Gateway> {
    return Gateway.launched("https", `--daemon=${daemon}`, `--page=${page}`, "--tls");
  }

  /** Starts it without TLS, for programs. */
  static startPlain(daemon: string): Promise<Gateway> {
    return Gateway.launched("http", `--daemon=${daemon}`);
  }

  private static async launched(scheme: string, ...flags: string[]): Promise<Gateway> {
    const port = String(await freePort());
    const gateway = new Gateway([`--port=${port}`, ...flags], `${scheme}://127.0.0.1:${port}`);
    await gateway.launch();
    return gateway;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.launch();
  }

  private async launch(): Promise<void> {
    const process = spawn(GATEWAY, this.flags, { stdio: ["ignore", "ignore", "pipe"] });
    this.process = process;
    const log: string[] = [];
    for await (const line of createInterface({ input: process.stderr })) {
      log.push(line);
      if (!line.endsWith(`at ${this.url}`)) continue;
      process.stderr.resume();
      return;
    }
    throw new Error(`The gateway has ended:\n${log.join("\n")}`);
  }

  private async stop(): Promise<void> {
    if (this.process?.exitCode !== null) return;
    this.process.kill("SIGTERM");
    await once(this.process, "exit");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** Builds the page of the tests as a user would, and returns its folder. */
export async function buildPage(folder: string): Promise<string> {
  await build({
    root: PAGE,
    configFile: false,
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true, target: "es2022" },
  });
  return folder;
}

/** Serves a folder at an origin of its own. */
export async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url === "/" ? "/index.html" : (request.url ?? "");
    readFile(join(folder, path)).then(
      (content) => {
        response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain" });
        response.end(content);
      },
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

export function originOf(server: Server): string {
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}
