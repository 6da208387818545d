// SPDX-License-Identifier: Apache-2.0

/** What the states of captures and their ends are called, and what to do about them. */
import { type Capture, CaptureState, StopReason } from "@dissectd/client/api";
import { Code, DissectdError } from "@dissectd/client";
import { explain, type Explanation } from "../daemon/errors.js";

const STATE_NAMES: Readonly<Record<CaptureState, string>> = {
  [CaptureState.UNSPECIFIED]: "Unknown",
  [CaptureState.STARTING]: "Starting",
  [CaptureState.RUNNING]: "Running",
  [CaptureState.STOPPING]: "Stopping",
  [CaptureState.STOPPED]: "Stopped",
  [CaptureState.FAILED]: "Failed",
  [CaptureState.INTERRUPTED]: "Interrupted",
};

export function stateName({ state }: Capture): string {
  return STATE_NAMES[state];
}

const ACTIVE = new Set([CaptureState.STARTING, CaptureState.RUNNING, CaptureState.STOPPING]);

/** Whether packets may still come. */
export function isActive({ state }: Capture): boolean {
  return ACTIVE.has(state);
}

/** Returns a name for people: the file's, if it was chosen, and the interfaces. */
export function titleOf({ options }: Capture): string {
  const interfaces = options?.interfaces.map(({ name }) => name).join(", ") ?? "";
  return options?.fileName ? `${options.fileName} (${interfaces})` : interfaces;
}

/** Returns the capture filters, which tell captures of one interface apart. */
export function filtersOf({ options }: Capture): string {
  const filters = new Set(options?.interfaces.map(({ captureFilter }) => captureFilter));
  filters.delete("");
  return [...filters].join("; ");
}

const ENDS: Partial<Readonly<Record<StopReason, Explanation>>> = {
  [StopReason.REQUESTED]: { message: "It was stopped.", advice: "" },
  [StopReason.CONDITION]: { message: "It stopped by its own stop conditions.", advice: "" },
  [StopReason.KILLED]: {
    message: "It was killed; packets may be missing at its end.",
    advice: "Restart it to capture more.",
  },
  [StopReason.SHUTDOWN]: {
    message: "It ended with the daemon, which was shut down.",
    advice: "Its packets are kept. Restart it to capture more.",
  },
  [StopReason.INTERRUPTED]: {
    message: "The daemon died while it ran.",
    advice: "Its packets until then are kept. Restart it to capture more.",
  },
  [StopReason.IDLE]: {
    message: "It was stopped, as nobody used it any more.",
    advice: "Restart it from this page, and it goes on without anybody.",
  },
};

/** Says why a capture ended; undefined if it hasn't. */
export function explainEnd({ stopped }: Capture): Explanation | undefined {
  if (!stopped) return undefined;
  const { reason, failure } = stopped;
  if (reason !== StopReason.FAILED) return ENDS[reason] ?? { message: "It ended.", advice: "" };
  return explain(
    new DissectdError({
      code: Code.Internal,
      reason: failure?.reason ?? "",
      message: failure?.message || "It failed, and dumpcap didn't say why.",
    }),
  );
}

/** Returns a value of the present for people; a dash if there is none. */
export function nowText(
  value: number | null | undefined,
  format: (value: number) => string,
): string {
  return value == null ? "–" : format(value);
}

/** Returns the number of packets that dumpcap lost; undefined before the end. */
export function droppedBy({ stopped }: Capture): number | undefined {
  return stopped && Number(stopped.packetsDropped);
}
