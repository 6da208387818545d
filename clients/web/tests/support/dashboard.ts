// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { build } from "vite";
import type { Client } from "../../../typescript/src/node.js";
import { freePort, Gateway } from "../../../typescript/tests/support/browser.js";
import { Daemon } from "../../../typescript/tests/support/daemon.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The dashboard as users have it: a daemon, Envoy with the built page, and Chromium. */
export class Dashboard implements AsyncDisposable {
  private constructor(
    readonly daemon: Daemon,
    readonly gateway: Gateway,
    readonly browser: Browser,
    /** Where the built page is. */
    readonly folder: string,
  ) {}

  /** Starts all of it; the options are for the daemon. */
  static async start(options: readonly string[] = []): Promise<Dashboard> {
    const folder = mkdtempSync(join(tmpdir(), "dissectd-web-"));
    await build({
      root: ROOT,
      configFile: join(ROOT, "vite.config.ts"),
      logLevel: "error",
      build: { outDir: folder, emptyOutDir: true },
    });
    const daemon = await Daemon.start(options, `127.0.0.1:${String(await freePort())}`);
    const gateway = await Gateway.startWithPage(daemon.address, folder);
    // Chromium refuses to confine itself for root.
    const args = process.getuid?.() === 0 ? [...FLAGS, "--no-sandbox"] : FLAGS;
    const browser = await chromium.launch({ executablePath: CHROMIUM, args });
    return new Dashboard(daemon, gateway, browser, folder);
  }

  /** A client of the same daemon, which needs no browser. */
  client(): Client {
    return this.daemon.client();
  }

  /** Returns a new user's window, with nothing remembered. */
  context(): Promise<BrowserContext> {
    return this.browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: { width: 1280, height: 720 },
    });
  }

  /** Opens the page at an address such as `#/packets/files/dns.pcap`. */
  async open(address = "#/start", context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await this.context())).newPage();
    await page.goto(`${this.gateway.url}/${address}`);
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.gateway[Symbol.asyncDispose]();
    await this.daemon[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
