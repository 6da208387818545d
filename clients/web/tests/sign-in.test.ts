// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dashboard } from "./support/dashboard.js";
import { expectAccessible } from "./support/look.js";
import { identityFlags, signIn, tokenLine, tokenOf } from "./support/identity.js";

const POLICY = {
  roles: {
    viewer: {
      permissions: ["server.info", "registry.read", "files.read", "dissect"],
      paths: ["dns.pcap"],
    },
    admin: { permissions: ["*"], paths: ["*"], interfaces: ["*"] },
  },
  bindings: [
    { principals: ["group:viewers"], roles: ["viewer"] },
    { principals: ["group:admins"], roles: ["admin"] },
  ],
};

let dashboard: Dashboard;
const folder = mkdtempSync(join(tmpdir(), "dissectd-identity-"));
beforeAll(async () => {
  const tokens = [
    tokenLine("vera", "viewers"),
    tokenLine("adam", "admins"),
    tokenLine("olga", "admins", "2001-01-01T00:00:00Z"),
  ];
  // By which dissectctl asks whether the daemon is ready.
  process.env["DISSECTD_TOKEN"] = tokenOf("adam");
  dashboard = await Dashboard.start(identityFlags(folder, tokens, POLICY));
});
afterAll(async () => {
  await dashboard[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function panelTexts(page: Page): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const name of ["Capture", "Captures", "Files"]) {
    texts[name] = await page.getByRole("region", { name, exact: true }).innerText();
  }
  return texts;
}

test("each user sees what their role permits, and is told what it forbids", async () => {
  const page = await dashboard.open();
  await page.getByRole("heading", { name: "Sign in to this server" }).waitFor();
  await expectAccessible(page);
  await signIn(page, "vera");
  await page.getByText("You are token:vera (viewer).").waitFor();
  await page.getByRole("link", { name: "dns.pcap" }).waitFor();
  await expect.poll(() => page.getByText("Ask the operator for the permission.").count()).toBe(2);
  const forbidden = await panelTexts(page);
  expect(forbidden["Capture"]).toContain("interfaces.list");
  expect(forbidden["Captures"]).toContain("captures.read");
  expect(await page.getByRole("link", { name: "ipv6.pcap" }).count()).toBe(0);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in to this server" }).waitFor();
  await signIn(page, "adam");
  await page.getByText("You are token:adam (admin).").waitFor();
  await page.getByRole("link", { name: "ipv6.pcap" }).waitFor();
  await page.getByRole("button", { name: "Start capturing from lo" }).waitFor();
  expect(await page.getByText("Ask the operator for the permission.").count()).toBe(0);
});

test("two users work in windows of their own", async () => {
  const vera = await dashboard.open("#/start?name=dns");
  const adam = await dashboard.open("#/start?name=dns");
  await signIn(vera, "vera");
  await signIn(adam, "adam");
  await adam.getByText("You are token:adam").waitFor();
  await vera.getByText("You are token:vera").waitFor();
  await vera.reload();
  await vera.getByText("You are token:vera").waitFor();
});

test("a token that has expired, or is wrong, is refused with what to do", async () => {
  const page = await dashboard.open("#/start?name=dns");
  for (const name of ["olga", "nobody"]) {
    await signIn(page, name);
    await page.getByText("Sign in with a new one.").waitFor();
  }
  await signIn(page, "adam");
  await page.getByRole("link", { name: "dns.pcap" }).waitFor();
  expect(page.url()).toContain("name=dns");
});

test("a token that is revoked while the page is open leads to the form", async () => {
  const page = await dashboard.open();
  await signIn(page, "adam");
  await page.getByText("You are token:adam").waitFor();
  const line = tokenLine("vera", "viewers");
  writeFileSync(join(folder, "tokens"), line, { mode: 0o600 });
  await page.getByText("Sign in with a new one.").waitFor();
});
