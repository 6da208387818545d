// SPDX-License-Identifier: Apache-2.0

/** The last packets of a capture, as they arrive. */
import { signal } from "@preact/signals";
import type { Client, ColumnChoice, Dissection, Frame } from "@dissectd/client";
import type { ColoringRule } from "@dissectd/client/api";
import { startReading } from "./keep-reading.js";
import { PacketRing } from "./packet-ring.js";

/** The rows that the page keeps; the whole capture is in the daemon's files. */
export const KEPT_PACKETS = 100_000;

// Nobody reads a list that moves more often, and drawing it costs the time of charts.
const SHOW_EVERY_MS = 100;

export interface PacketRow {
  readonly number: number;
  readonly texts: readonly string[];
  readonly rule: ColoringRule | undefined;
}

export interface FeedOptions {
  /** The number of packets to keep. */
  readonly capacity?: number;
  /** Only packets that pass this display filter. */
  readonly filter?: string;
  readonly columns: readonly ColumnChoice[];
  /** How packets are dissected, if not by the daemon's profile. */
  readonly dissection?: NonNullable<Dissection["dissection"]>;
}

function rowOf(frame: Frame): PacketRow {
  return { number: frame.number, texts: frame.columns, rule: frame.coloringRule };
}

/** Returns the first frame that is still kept when all have arrived. */
export function firstFrame(packets: number, capacity: number, filter: string): number {
  // How many frames pass a filter is known only after they have been read.
  return filter ? 1 : Math.max(1, packets - capacity + 1);
}

export class PacketFeed {
  readonly ring: PacketRing<PacketRow>;
  /** Changes when the page should show what has arrived. */
  readonly version = signal(0);
  readonly error = signal<unknown>(undefined);

  private readonly abort = new AbortController();
  private lastFrame = 0;
  private isShowing = false;
  private lastShown = 0;

  constructor(
    private readonly client: Client,
    readonly name: string,
    private readonly options: FeedOptions,
  ) {
    this.ring = new PacketRing(options.capacity ?? KEPT_PACKETS);
  }

  /** Reads until the capture ends, or the function that it returns is called. */
  start(): () => void {
    return startReading(this.read.bind(this), this.abort, (error) => {
      this.error.value = error;
    });
  }

  private async read(onProgress: () => void): Promise<void> {
    const first = this.lastFrame > 0 ? this.lastFrame + 1 : await this.firstFrame();
    const { filter, columns, dissection } = this.options;
    const stream = this.client.read(this.name, {
      columns,
      colors: true,
      first,
      resumeForMs: 0,
      signal: this.abort.signal,
      ...(filter && { filter }),
      ...(dissection && { dissection }),
    });
    for await (const frame of stream) {
      onProgress();
      this.lastFrame = frame.number;
      this.ring.push(rowOf(frame));
      this.showSoon();
    }
  }

  private async firstFrame(): Promise<number> {
    const { packetsWritten } = await this.client.attach(this.name).info();
    return firstFrame(Number(packetsWritten), this.ring.capacity, this.options.filter ?? "");
  }

  /** Lets the page be drawn once for many packets. */
  private showSoon(): void {
    if (this.isShowing) return;
    this.isShowing = true;
    const wait = Math.max(0, this.lastShown + SHOW_EVERY_MS - performance.now());
    setTimeout(() => {
      requestAnimationFrame(() => {
        this.isShowing = false;
        this.lastShown = performance.now();
        this.version.value++;
      });
    }, wait);
  }
}
