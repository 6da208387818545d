// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from "node:fs";
import { Code, DissectdError } from "@dissectd/client";
import { expect, test } from "vitest";
import { ADVICE, explain } from "./errors.js";

const DOCUMENTED = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");

function adviceFor(reason: string, code: Code): string {
  return explain(new DissectdError({ code, reason, message: "It failed." })).advice;
}

test("there is advice for reasons that exist only", () => {
  const unknown = Object.keys(ADVICE).filter((reason) => !DOCUMENTED.includes(`| \`${reason}\` |`));
  expect(unknown).toEqual([]);
});

test.each([
  ["FILE_UNKNOWN_FORMAT", Code.FailedPrecondition, "Choose a capture file"],
  ["FILE_NAME_INVALID", Code.InvalidArgument, "Choose a file at the start page."],
  ["FRAME_NOT_FOUND", Code.OutOfRange, "Choose a packet in the list"],
  ["FILTER_TOO_LONG", Code.InvalidArgument, "Make the filter shorter"],
])("%s is explained", (reason, code, advice) => {
  expect(adviceFor(reason, code)).toContain(advice);
});

test.each([Code.InvalidArgument, Code.OutOfRange, Code.FailedPrecondition])(
  "nobody is told to repeat what fails again (%s)",
  (code) => {
    expect(adviceFor("A_LATER_REASON", code)).not.toContain("ry again");
  },
);

test.each([
  ["syntax error", "syntax error."],
  ["The file is gone.", "The file is gone."],
  ["Why?", "Why?"],
])("the message %s ends before the advice", (text, message) => {
  expect(explain(new Error(text)).message).toBe(message);
});
