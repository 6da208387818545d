// SPDX-License-Identifier: Apache-2.0

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type Capture, CaptureSchema, CaptureState, StopReason } from "@dissectd/client/api";
import { expect, test } from "vitest";
import { explainEnd, isActive, stateName, titleOf } from "./capture-state.js";

function captureWith(init: MessageInitShape<typeof CaptureSchema>): Capture {
  return create(CaptureSchema, init);
}

test("a running capture has a state and no end", () => {
  const capture = captureWith({ state: CaptureState.RUNNING });
  expect([stateName(capture), isActive(capture), explainEnd(capture)]).toEqual([
    "Running",
    true,
    undefined,
  ]);
});

test("a failed capture says why, and what to do", () => {
  const failure = { reason: "INTERFACE_DOWN", message: "The interface went down." };
  const capture = captureWith({
    state: CaptureState.FAILED,
    stopped: { reason: StopReason.FAILED, failure },
  });
  expect(isActive(capture)).toBe(false);
  expect(explainEnd(capture)).toEqual({
    message: "The interface went down.",
    advice: "Bring the interface up, or choose another one.",
  });
});

test("an interrupted capture can be restarted", () => {
  const capture = captureWith({ stopped: { reason: StopReason.INTERRUPTED } });
  expect(explainEnd(capture)?.advice).toContain("Restart it");
});

test("a capture is called by its interfaces, and by its file if that was chosen", () => {
  const interfaces = [{ name: "eth0" }, { name: "lo" }];
  expect(titleOf(captureWith({ options: { interfaces } }))).toBe("eth0, lo");
  expect(titleOf(captureWith({ options: { interfaces, fileName: "night.pcapng" } }))).toBe(
    "night.pcapng (eth0, lo)",
  );
});
