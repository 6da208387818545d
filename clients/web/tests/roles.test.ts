// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, connect } from "../../typescript/src/node.js";
import { Dashboard } from "./support/dashboard.js";
import { identityFlags, signIn, tokenLine, tokenOf } from "./support/identity.js";
import { picture } from "./support/look.js";

const READ = ["server.info", "registry.read", "preferences.read", "files.read", "captures.read"];
const ANALYZE = [...READ, "dissect", "filters.compile", "statistics.read"];
const POLICY = {
  roles: {
    names: { permissions: ANALYZE, paths: ["dns.pcap"] },
    web: { permissions: ANALYZE, paths: ["http1.pcap.gz"] },
    reader: { permissions: READ, paths: ["*"] },
    admin: { permissions: ["*"], paths: ["*"], interfaces: ["*"] },
  },
  bindings: ["names", "web", "reader", "admin"].map((role) => ({
    principals: [`group:${role}`],
    roles: [role],
  })),
};
const USERS = { dora: "names", wanda: "web", rita: "reader", adam: "admin" };

let dashboard: Dashboard;
const folder = mkdtempSync(join(tmpdir(), "dissectd-roles-"));
beforeAll(async () => {
  const tokens = Object.entries(USERS).map(([name, group]) => tokenLine(name, group));
  // By which dissectctl asks whether the daemon is ready.
  process.env["DISSECTD_TOKEN"] = tokenOf("adam");
  dashboard = await Dashboard.start(identityFlags(folder, tokens, POLICY));
});
afterAll(async () => {
  await dashboard[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function openAs(name: keyof typeof USERS, address: string): Promise<Page> {
  const page = await dashboard.open(address);
  await signIn(page, name);
  await page.getByText(`token:${name}`).waitFor();
  return page;
}

function callAs(name: keyof typeof USERS): Client {
  return connect(dashboard.daemon.address, { token: tokenOf(name) });
}

/** Expects that the page refuses something, with the permission that is missing, and why. */
async function expectRefusal(page: Page, permission: string): Promise<void> {
  const refusal = page.getByRole("main").getByRole("alert");
  await refusal.getByText(`You lack the permission "${permission}"`).waitFor();
  expect(await refusal.innerText()).toContain("Ask the operator for the permission.");
  for (const role of ["listbox", "tree", "table", "treegrid"] as const) {
    expect(await page.getByRole(role).count(), role).toBe(0);
  }
  expect(await page.getByText("Packets: ").count()).toBe(0);
}

test("a link to packets shows them to one user, and refuses them to another one", async () => {
  const link = "#/packets/files/dns.pcap?filter=dns&frame=2";
  const dora = await openAs("dora", link);
  await dora.getByRole("option", { name: /Standard query response/, selected: true }).waitFor();
  await dora.getByRole("treeitem", { name: /^\W*Frame 2:/ }).waitFor();
  const wanda = await openAs("wanda", link);
  await expectRefusal(wanda, "files.read");
  await wanda.getByText("for files/dns.pcap.").waitFor();
  await picture(wanda, "refused-packets");
  await expectRefusal(await openAs("rita", link), "dissect");
});

test("a link to statistics shows them to one user, and refuses them to another one", async () => {
  const link = "#/statistics/files/dns.pcap?report=conversations&type=udp";
  const dora = await openAs("dora", link);
  await dora.getByRole("table", { name: "Conversations: UDP" }).waitFor();
  const wanda = await openAs("wanda", link);
  await expectRefusal(wanda, "files.read");
  await picture(wanda, "refused-statistics");
  await expectRefusal(await openAs("rita", link), "dissect");
});

test("a capture is its owner's in all views, until it is shared", async () => {
  using adam = callAs("adam");
  await using capture = await adam.capture("lo", { captureFilter: "udp port 9" });
  const { name } = capture;
  const links = [`#/live/${name}`, `#/packets/${name}`, `#/statistics/${name}`];
  const owner = await openAs("adam", `#/live/${name}`);
  await owner.getByRole("listbox", { name: "Live packets" }).waitFor();
  for (const link of links) {
    const wanda = await openAs("wanda", link);
    await expectRefusal(wanda, "captures.read.any");
    await wanda.getByText("Its owner can also share it with you.").waitFor();
  }
  await adam.services.capture.shareCapture({ name, readers: ["token:wanda"] });
  const shared = await openAs("wanda", `#/live/${name}`);
  await shared.getByRole("listbox", { name: "Live packets" }).waitFor();
  await shared.getByRole("link", { name: "Statistics" }).click();
  await shared.getByRole("treegrid", { name: "Protocol Hierarchy" }).waitFor();
});
