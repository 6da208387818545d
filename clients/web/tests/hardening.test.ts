// SPDX-License-Identifier: Apache-2.0

/** What hostile captures and links, and impatient users, must not do to the page. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { CAPTURES } from "../../typescript/tests/support/daemon.js";
import { Dashboard } from "./support/dashboard.js";

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start();
});
afterAll(() => dashboard[Symbol.asyncDispose]());
// A caller may have some sessions only.
afterEach(() => dashboard.leave());

const HTTP = "#/packets/files/http1.pcap.gz";

/** Changes the address as a user does who types. */
async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((text) => {
    location.hash = text;
  }, hash);
}

test("a packet that comes late isn't shown in another capture", async () => {
  const page = await dashboard.open(`${HTTP}?frame=4`);
  const node = (name: RegExp): ReturnType<Page["locator"]> =>
    page.getByRole("treeitem", { name }).first();
  await node(/^Frame 4:/).waitFor();
  let letGo = (): void => undefined;
  const isLetGo = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route("**/*/GetFrame", async (route) => {
    await isLetGo;
    await route.continue();
  });
  const asked = page.waitForRequest(/\/GetFrame$/);
  await go(page, `${HTTP}?frame=8`);
  const answer = (await asked).response();
  await go(page, "#/packets/files/empty.pcap");
  await page.getByText("No packets are displayed.").waitFor();
  letGo();
  await (await answer)?.finished();
  // The page has drawn what it got when it draws for the second time.
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  expect(await page.getByRole("treeitem").count()).toBe(0);
  await go(page, `${HTTP}?frame=6`);
  await node(/^Frame 6:/).waitFor();
});

test("a link to a frame that can't be shows the first one", async () => {
  const page = await dashboard.open(`${HTTP}?frame=4294967296`);
  await page.getByRole("treeitem", { name: /^Frame 1:/ }).waitFor();
});

test("the name of a file doesn't look like another one", async () => {
  const name = "report\u202Epacp.exe";
  copyFileSync(join(CAPTURES, "dns.pcap"), join(dashboard.daemon.store, name));
  const page = await dashboard.open();
  await page.getByRole("link", { name: "report\\u202epacp.exe" }).click();
  await page.getByRole("treeitem", { name: /^Frame 1:/ }).waitFor();
  await page.locator("header").getByText("files/report\\u202epacp.exe").waitFor();
});

test("a comment of several lines covers no other row of the details", async () => {
  const page = await dashboard.open("#/packets/files/interfaces-comments.pcapng?frame=4");
  await page.getByRole("treeitem", { name: "Packet comments" }).click();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("treeitem", { name: 'Two lines:\\nGrüße <&> "quoted"' }).waitFor();
});

test("the page asks again if something else has answered for the daemon", async () => {
  const context = await dashboard.context();
  await context.route(
    "**/*/GetServerInfo",
    (route) => route.fulfill({ contentType: "text/html", body: "<h1>Sign in to the Wi-Fi</h1>" }),
    { times: 2 },
  );
  const page = await dashboard.open("#/start", context);
  await page.locator(".connection.online").waitFor();
});
