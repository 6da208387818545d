// SPDX-License-Identifier: Apache-2.0

// Makes a type of the reasons of errors that docs/errors.md lists, so that editors
// complete them.
import { readFileSync, writeFileSync } from "node:fs";

const page = new URL("../../docs/errors.md", import.meta.url);
const reasons = readFileSync(page, "utf8")
  .split("\n")
  .map((line) => /^\| `([A-Z0-9_]+)` \|/.exec(line)?.[1])
  .filter((reason) => reason !== undefined);
if (reasons.length === 0) throw new Error("docs/errors.md lists no reasons");

const names = [...new Set(reasons)].sort();
writeFileSync(
  new URL("src/gen/reasons.ts", import.meta.url),
  `export type KnownReason =\n${names.map((name) => `  | "${name}"`).join("\n")};\n`,
);
