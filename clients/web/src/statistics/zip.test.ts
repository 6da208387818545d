// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { uniqueNames, zipOf } from "./zip.js";

test("an archive has what other programs find in it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "dissectd-zip-"));
  try {
    const entries = [
      { name: "größe.txt", content: new TextEncoder().encode("text\n") },
      { name: "empty", content: new Uint8Array() },
      { name: "bytes.bin", content: Uint8Array.from({ length: 3000 }, (_, byte) => byte % 256) },
    ];
    writeFileSync(join(folder, "a.zip"), await zipOf(entries).bytes());
    execFileSync("python3", ["-m", "zipfile", "-t", join(folder, "a.zip")]);
    execFileSync("python3", ["-m", "zipfile", "-e", join(folder, "a.zip"), folder]);
    for (const { name, content } of entries) {
      expect(new Uint8Array(readFileSync(join(folder, name)))).toEqual(content);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("files with one name get others", () => {
  expect(uniqueNames(["a", "b", "a", "a"])).toEqual(["a", "b", "2-a", "3-a"]);
});
