// SPDX-License-Identifier: Apache-2.0

/** What users do with captures. */
import { clone } from "@bufbuild/protobuf";
import { type Capture, type CaptureOptions, CaptureOptionsSchema } from "@dissectd/client/api";
import { address, navigate } from "../app/address.js";
import { attempt, showDone } from "../app/notices.js";
import { client } from "../daemon/connection.js";
import { captureFilters, rememberUse } from "../filter/remembered.js";
import { forget } from "../start/recent.js";
import { filesChanged } from "../start/uploads.js";
import { askFirst } from "../ui/question.js";
import { isActive, titleOf } from "./capture-state.js";
import { count } from "./format.js";

/** Goes to the live view of a capture. */
export function openLive(name: string): void {
  navigate({ view: "live", source: name, query: {} });
}

/** Starts a capture that goes on without this page, and returns its name. */
export async function createCapture(options: CaptureOptions): Promise<string> {
  // Without an idle timeout, so that it doesn't depend on anybody watching.
  const { capture } = await client.value.services.capture.createCapture({ options });
  if (!capture) throw new Error("The daemon's answer has no capture.");
  for (const { captureFilter } of options.interfaces) rememberUse(captureFilters, captureFilter);
  return capture.name;
}

/** Starts a capture, and goes to its live view. */
export async function startCapture(options: CaptureOptions): Promise<void> {
  openLive(await createCapture(options));
}

export async function stopCapture({ name }: Capture): Promise<void> {
  await client.value.services.capture.stopCapture({ name });
}

/** Stops a capture and starts another one with the same options. The packets are kept. */
export async function restartCapture(capture: Capture): Promise<void> {
  if (!capture.options) throw new Error("The daemon doesn't tell the options of the capture.");
  if (isActive(capture)) await stopCapture(capture);
  await startCapture(clone(CaptureOptionsSchema, capture.options));
  showDone("Restarted. The packets before are kept among the finished captures.");
}

async function deleteWithFiles(capture: Capture): Promise<void> {
  if (isActive(capture)) await stopCapture(capture);
  const { name } = capture;
  await client.value.services.capture.deleteCapture({ name, deleteFiles: true });
  forget(name);
  filesChanged.value++;
  showDone("The capture and its files are deleted.");
  if (address.peek().source === name) navigate({ view: "live", source: "", query: {} });
}

/** Asks, and deletes a capture with its files. */
export function deleteCapture(capture: Capture): void {
  const packets = count(Number(capture.packetsWritten));
  const title = titleOf(capture);
  const consequence = isActive(capture)
    ? `The capture from ${title} will be stopped, and all its packets will be deleted`
    : `The capture from ${title} and its ${packets} packets will be deleted`;
  askFirst({
    title: "Delete capture?",
    text: `${consequence} for everybody. This can't be undone.`,
    agree: "Delete",
    action: () => {
      attempt(() => deleteWithFiles(capture));
    },
  });
}
