// SPDX-License-Identifier: Apache-2.0

import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { signal } from "@preact/signals";
import type { Client } from "@dissectd/client";
import { startReading } from "./keep-reading.js";
import { REPORTS, type Talker, TalkerRound } from "./talkers.js";

const INTERVAL_MS = 2000;

/** The top talkers of a capture as they change. */
export class TalkersWatch {
  readonly talkers = signal<readonly Talker[]>([]);
  readonly error = signal<unknown>(undefined);
  private readonly abort = new AbortController();

  constructor(
    private readonly client: Client,
    private readonly capture: string,
  ) {}

  start(): () => void {
    return startReading(this.read.bind(this), this.abort, (error) => {
      this.error.value = error;
    });
  }

  private async read(onProgress: () => void): Promise<void> {
    const round = new TalkerRound();
    const request = {
      capture: this.capture,
      reports: REPORTS.map((argument) => ({ argument })),
      interval: durationFromMs(INTERVAL_MS),
    };
    const call = { signal: this.abort.signal };
    const { analysis } = this.client.services;
    for await (const { kind } of analysis.watchStatistics(request, call)) {
      onProgress();
      if (kind.case === "round") this.talkers.value = round.finish();
      if (kind.case !== "result" || kind.value.table.case !== "endpoints") continue;
      round.add(kind.value.reportIndex, kind.value.table.value.endpoints);
    }
  }
}
