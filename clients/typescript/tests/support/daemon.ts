// SPDX-License-Identifier: Apache-2.0

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Client, connect } from "../../src/node.js";

const START_MS = 60_000;

/** The captures of this project. */
export const CAPTURES = fileURLToPath(new URL("../../../../tests/captures", import.meta.url));

function programOf(variable: string): string {
  const path = process.env[variable];
  if (!path) throw new Error(`The variable ${variable} must name the program.`);
  return path;
}

/** A daemon for tests, with a store of its own. */
export class Daemon implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "dissectd-ts-"));
  readonly store = join(this.folder, "store");
  readonly address: string;
  private process: ChildProcess | undefined;

  private constructor(
    address: string | undefined,
    private readonly options: readonly string[],
  ) {
    this.address = address ?? `unix:${this.folder}/socket`;
    cpSync(CAPTURES, this.store, { recursive: true });
  }

  /** Starts a daemon, by default at a Unix socket in its folder. */
  static async start(options: readonly string[] = [], address?: string): Promise<Daemon> {
    const daemon = new Daemon(address, options);
    await daemon.restart();
    return daemon;
  }

  /** The address besides the Unix socket that the options have. */
  get tcpAddress(): string {
    const option = this.options.find((text) => text.startsWith("--listen="));
    if (option === undefined) throw new Error("The daemon has a Unix socket only.");
    return option.replace("--listen=", "");
  }

  client(): Client {
    return connect(this.address);
  }

  /** Starts the daemon again, and waits until it answers. */
  async restart(): Promise<void> {
    mkdirSync(join(this.folder, "home"), { recursive: true });
    const log = openSync(join(this.folder, "log"), "a");
    const flags = [`--listen=${this.address}`, `--store=${this.store}`, ...this.options];
    this.process = spawn(programOf("DISSECTD"), flags, {
      stdio: ["ignore", log, log],
      env: { PATH: process.env["PATH"], HOME: join(this.folder, "home"), LC_ALL: "C.UTF-8" },
    });
    await this.untilReady(this.process);
  }

  private async untilReady(daemon: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_MS;
    const question = ["--server", this.address, "filter", "ip"];
    while (Date.now() < deadline && daemon.exitCode === null) {
      try {
        await promisify(execFile)(programOf("DISSECTCTL"), question);
        return;
      } catch {
        await sleep(50);
      }
    }
    throw new Error(`dissectd doesn't answer; its log:\n${this.log()}`);
  }

  /** Returns what the daemon has logged since its first start. */
  log(): string {
    return readFileSync(join(this.folder, "log"), "utf8");
  }

  /** Kills the daemon as a crash would. */
  kill(): Promise<void> {
    return this.end("SIGKILL");
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { process: daemon } = this;
    if (daemon?.exitCode !== null || daemon.signalCode !== null) return;
    const ended = new Promise((resolve) => daemon.once("exit", resolve));
    daemon.kill(signal);
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
