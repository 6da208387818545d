// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import { ProgressSchema } from "@dissectd/client/api";
import { expect, test } from "vitest";
import { percentRead } from "./reading-progress.js";

test.each([
  [0n, 1000n, 0],
  [439n, 1000n, 43],
  [1000n, 1000n, 100],
  // A file may have grown since its size was told.
  [1010n, 1000n, 100],
  [1n << 50n, 1n << 51n, 50],
])("%d of %d bytes are %d %%", (bytesRead, bytesTotal, percent) => {
  expect(percentRead(create(ProgressSchema, { bytesRead, bytesTotal }))).toBe(percent);
});

test("the part of what has no known size is unknown", () => {
  expect(percentRead(undefined)).toBeUndefined();
  expect(percentRead(create(ProgressSchema, { bytesRead: 10n }))).toBeUndefined();
});
