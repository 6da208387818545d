// SPDX-License-Identifier: Apache-2.0

/** Users whom the daemon identifies, with roles. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

export function tokenOf(name: string): string {
  return `token-of-${name}`;
}

/** Returns the line that `dissectctl token create` writes for a user. */
export function tokenLine(name: string, group: string, expiry = "2100-01-01T00:00:00Z"): string {
  const hash = createHash("sha256").update(tokenOf(name)).digest("hex");
  return `${name} sha256:${hash} ${group} ${expiry}\n`;
}

/** Writes the tokens and the policy into a folder, and returns the daemon's options. */
export function identityFlags(folder: string, tokens: readonly string[], policy: object): string[] {
  writeFileSync(join(folder, "tokens"), tokens.join(""), { mode: 0o600 });
  writeFileSync(join(folder, "policy.json"), JSON.stringify(policy));
  return [`--token-file=${join(folder, "tokens")}`, `--policy=${join(folder, "policy.json")}`];
}

/** Signs in where the page asks for it. */
export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel("Token").fill(tokenOf(name));
  await page.getByRole("button", { name: "Sign in" }).click();
}
