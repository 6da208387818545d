// SPDX-License-Identifier: Apache-2.0

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CAPTURES, type Daemon } from "./daemon.js";

const FILE_HEADER_BYTES = 24;

/** Writes a capture of the project many times over into a daemon's store. */
export function repeatCapture(daemon: Daemon, name: string, times: number): string {
  const file = readFileSync(join(CAPTURES, name));
  const packets = file.subarray(FILE_HEADER_BYTES);
  const header = file.subarray(0, FILE_HEADER_BYTES);
  const repeated = `${String(times)}-times-${name}`;
  const parts = [header, ...Array<Buffer>(times).fill(packets)];
  writeFileSync(join(daemon.store, repeated), Buffer.concat(parts));
  return repeated;
}
