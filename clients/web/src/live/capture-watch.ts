// SPDX-License-Identifier: Apache-2.0

/** A capture as it changes: its state, its rates, and what dumpcap says. */
import { computed, signal } from "@preact/signals";
import type { Client, LiveCapture, Rate } from "@dissectd/client";
import type { Capture, CaptureEvent } from "@dissectd/client/api";
import { state } from "../daemon/connection.js";
import { isActive } from "./capture-state.js";
import { dropsAt, followDrops } from "./kernel-drops.js";
import { startReading } from "./keep-reading.js";
import { type LiveRate, withRate } from "./rate-history.js";

const MAX_MESSAGES = 20;

function secondsOf(duration: { seconds: bigint; nanos: number } | undefined): number {
  return duration ? Number(duration.seconds) + duration.nanos / 1e9 : 0;
}

/** Returns what an event says to the user; empty if it's nothing. */
function messageOf({ kind }: CaptureEvent): string {
  if (kind.case === "message") return `${kind.value.primary} ${kind.value.secondary}`.trim();
  if (kind.case === "badCaptureFilter") return kind.value.message;
  if (kind.case !== "adopted") return "";
  const seconds = secondsOf(kind.value.unattended).toFixed(1);
  return `The daemon was restarted. The capture went on for ${seconds} s without it.`;
}

export class CaptureWatch {
  readonly info = signal<Capture | undefined>(undefined);
  readonly error = signal<unknown>(undefined);
  readonly rates = signal<readonly LiveRate[]>([]);
  readonly messages = signal<readonly string[]>([]);
  /** The number of packets that are written to the capture's files. */
  readonly packets = signal(0);
  readonly isActive = computed(() => this.info.value !== undefined && isActive(this.info.value));

  /** The last rate; undefined if it isn't that of now. */
  readonly rateNow = computed(() =>
    this.isActive.value && state.value === "online" ? this.rates.value.at(-1) : undefined,
  );

  private readonly abort = new AbortController();
  private readonly capture: LiveCapture;
  private lastEvent = 0n;
  private lastDrops: number | undefined;

  constructor(
    private readonly client: Client,
    readonly name: string,
  ) {
    this.capture = client.attach(name);
  }

  /** Watches the capture until the function that it returns is called. */
  start(): () => void {
    const stopDrops = followDrops();
    const reads = [this.readEvents.bind(this), this.readRates.bind(this)];
    for (const read of reads) {
      startReading(read, this.abort, (error) => {
        this.error.value = error;
      });
    }
    return (): void => {
      this.abort.abort();
      stopDrops();
    };
  }

  private async refresh(): Promise<void> {
    const info = await this.capture.info();
    this.info.value = info;
    this.packets.value = Math.max(this.packets.value, Number(info.packetsWritten));
  }

  private async readEvents(onProgress: () => void): Promise<void> {
    await this.refresh();
    const request = { name: this.name, afterSequence: this.lastEvent };
    const call = { signal: this.abort.signal };
    for await (const { event } of this.client.services.capture.watchCapture(request, call)) {
      onProgress();
      if (event) await this.take(event);
    }
    await this.refresh();
  }

  private async take(event: CaptureEvent): Promise<void> {
    this.lastEvent = event.sequence;
    const { kind } = event;
    if (kind.case === "packetsWritten") {
      this.packets.value = Math.max(this.packets.value, Number(kind.value.totalPackets));
      return;
    }
    const message = messageOf(event);
    if (message) this.messages.value = [...this.messages.value, message].slice(-MAX_MESSAGES);
    // The events of the past come all at once, and the state is known already.
    if (event.sequence > (this.info.value?.lastSequence ?? 0n)) await this.refresh();
  }

  private async readRates(onProgress: () => void): Promise<void> {
    // Breaks off at once, so that the page can say so.
    const options = { signal: this.abort.signal, resumeForMs: 0 };
    for await (const rate of this.capture.rates(options)) {
      onProgress();
      this.rates.value = withRate(this.rates.value, this.withDrops(rate));
      this.packets.value = Math.max(this.packets.value, rate.totalPackets);
    }
  }

  private withDrops(rate: Rate): LiveRate {
    const interfaces = this.info.value?.options?.interfaces.map(({ name }) => name) ?? [];
    const drops = dropsAt(interfaces);
    const before = this.lastDrops;
    this.lastDrops = drops;
    const isKnown = drops !== undefined && before !== undefined && rate.seconds > 0;
    return {
      ...rate,
      dropsPerSecond: isKnown ? Math.max(0, drops - before) / rate.seconds : null,
    };
  }
}
