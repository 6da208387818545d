// SPDX-License-Identifier: Apache-2.0

// Takes the pictures of the dashboard in the documentation: screenshots.sh runs it. They
// show captures of the project, and traffic of this machine with itself.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { Dashboard } from "./support/dashboard.js";
import { Services } from "./support/services.js";

const FOLDER = fileURLToPath(new URL("../../../docs/images", import.meta.url));
const SIZE = { width: 1280, height: 800 };
const QUALITY = 85;
// Live charts show the last minute.
const LIVE_MS = 65_000;

type Theme = "light" | "dark";

interface Picture {
  readonly name: string;
  /** The themes in which the documentation shows it. */
  readonly themes: readonly Theme[];
  readonly address: string;
  /** Brings the page to what the picture shows, and returns what must be seen. */
  readonly show: (page: Page) => Locator | Promise<Locator>;
}

const HTTP = "files/http1.pcap.gz";

function selectedPacket(page: Page): Locator {
  const list = page.getByRole("listbox", { name: "Packets" });
  return list.getByRole("option", { selected: true });
}

const PICTURES: readonly Picture[] = [
  {
    name: "packets",
    themes: ["light", "dark"],
    address: "#/packets/files/http2-tls-dsb.pcapng?filter=tcp.len+%3E+0&frame=14",
    show: async (page): Promise<Locator> => {
      await page.getByRole("treeitem", { name: /HyperText Transfer Protocol 2/ }).click();
      for (const key of ["ArrowRight", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
      await page.getByRole("treeitem", { name: /^Header: :path: / }).click();
      return selectedPacket(page);
    },
  },
  {
    name: "filter",
    themes: ["light"],
    address: `#/packets/${HTTP}?frame=4`,
    show: async (page): Promise<Locator> => {
      await selectedPacket(page).waitFor();
      const input = page.getByRole("combobox", { name: "Display filter" });
      await input.pressSequentially("tcp.port == 80 and http.resp");
      return page.getByRole("option", { name: /^http.response.code/ }).first();
    },
  },
  {
    name: "conversations",
    themes: ["light"],
    address: "#/statistics/files/redis.pcap?report=conversations&type=tcp",
    show: (page) => page.getByRole("row").nth(4),
  },
  {
    name: "hierarchy",
    themes: ["dark"],
    address: `#/statistics/${HTTP}?report=hierarchy`,
    show: (page) => page.getByRole("row").nth(4),
  },
  {
    name: "follow",
    themes: ["dark"],
    address: `#/statistics/${HTTP}?report=follow&follower=tcp&stream=0`,
    show: (page) => page.getByText("2 client pkts, 2 server pkts, 3 turns."),
  },
  {
    name: "expert",
    themes: ["dark"],
    address: "#/statistics/files/raw-ip-lossy.pcap?report=expert",
    show: (page) => page.getByRole("row").nth(2),
  },
];

const LIVE: readonly Picture[] = [
  {
    name: "live",
    themes: ["light"],
    address: "#/live/CAPTURE",
    show: (page) => page.getByRole("listbox", { name: "Live packets" }).getByRole("option").nth(9),
  },
  {
    name: "tiles",
    themes: ["light"],
    address: "#/live",
    show: (page) => page.getByRole("listitem", { name: "Capture on lo" }).nth(1),
  },
  {
    name: "start",
    themes: ["light"],
    address: "#/start",
    show: (page) => page.getByRole("table", { name: "Captures" }).getByRole("row").nth(2),
  },
];

// What is shown of the whole capture, once it has ended.
const LATER: readonly Picture[] = [
  {
    name: "io",
    themes: ["light"],
    address: "#/statistics/CAPTURE?report=io&filter=http&interval=1",
    show: (page) => page.getByRole("application", { name: "I/O Graph" }),
  },
];

let dashboard: Dashboard;
let services: Services;
beforeAll(async () => {
  dashboard = await Dashboard.start(["--max-sessions-per-principal=100", "--max-sessions=100"]);
  services = await Services.start();
  mkdirSync(FOLDER, { recursive: true });
});
afterAll(async () => {
  await services[Symbol.asyncDispose]();
  await dashboard[Symbol.asyncDispose]();
});

/** Writes what the page shows as a file that is smaller than Playwright's. */
async function write(page: Page, name: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const options = { format: "webp", quality: QUALITY } as const;
  const { data } = await devtools.send("Page.captureScreenshot", options);
  writeFileSync(join(FOLDER, `dashboard-${name}.webp`), Buffer.from(data, "base64"));
}

interface Shown {
  readonly page: Page;
  readonly take: () => Promise<void>;
}

async function openIn(theme: Theme, picture: Picture, capture: string): Promise<Shown> {
  const page = await dashboard.open(picture.address.replace("CAPTURE", capture));
  await page.setViewportSize(SIZE);
  await page.emulateMedia({ colorScheme: theme });
  return {
    page,
    take: async (): Promise<void> => {
      await (await picture.show(page)).waitFor();
      await page.evaluate(() => document.fonts.ready);
      await write(page, `${picture.name}-${theme}`);
      await page.close();
    },
  };
}

/** Opens pages for pictures in all of their themes, one after the other. */
async function* open(pictures: readonly Picture[], capture = ""): AsyncGenerator<Shown> {
  for (const picture of pictures) {
    for (const theme of picture.themes) yield await openIn(theme, picture, capture);
  }
}

/** Starts a capture of one of the services. */
async function capture(captureFilter: string): Promise<string> {
  const settings = { captureFilter, idleSeconds: 0 };
  return (await dashboard.client().capture("lo", settings)).name;
}

test("pictures are taken", async () => {
  const begin = performance.now();
  await capture(Services.filters.names);
  const name = await capture(`${Services.filters.web} or ${Services.filters.names}`);
  const live: Shown[] = [];
  for await (const shown of open(LIVE, name)) live.push(shown);
  for await (const { take } of open(PICTURES)) await take();
  await sleep(LIVE_MS - (performance.now() - begin));
  for (const { take } of live) await take();
  await dashboard.client().attach(name).stop();
  for await (const { take } of open(LATER, name)) await take();
});
