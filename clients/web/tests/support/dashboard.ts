// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build } from "vite";
import type { Client } from "../../../typescript/src/node.js";
import { freePort, Gateway, launchChromium } from "../../../typescript/tests/support/browser.js";
import { Daemon } from "../../../typescript/tests/support/daemon.js";

// A busy machine needs longer than Playwright's half a minute.
const PATIENCE_MS = 90_000;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
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
    const browser = await launchChromium();
    return new Dashboard(daemon, gateway, browser, folder);
  }

  /** A client of the same daemon, which needs no browser. */
  client(): Client {
    return this.daemon.client();
  }

  /** Returns a new user's window, with nothing remembered. */
  async context(): Promise<BrowserContext> {
    const context = await this.browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: { width: 1280, height: 720 },
    });
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  }

  /** Opens the page at an address such as `#/packets/files/dns.pcap`. */
  async open(address = "#/start", context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await this.context())).newPage();
    await page.goto(`${this.gateway.url}/${address}`);
    return page;
  }

  /** Closes all pages and sessions, so that the next test finds none. */
  async leave(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
    using client = this.client();
    const { session } = client.services;
    const { sessions } = await session.listSessions({});
    await Promise.all(sessions.map(({ name }) => session.closeSession({ name })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.gateway[Symbol.asyncDispose]();
    await this.daemon[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
