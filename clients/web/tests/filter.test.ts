// SPDX-License-Identifier: Apache-2.0

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Dashboard } from "./support/dashboard.js";
import { expectAccessible, picture, queryOf } from "./support/look.js";

const FILE = "#/packets/files/dns.pcap";

let dashboard: Dashboard;
beforeAll(async () => {
  dashboard = await Dashboard.start(["--max-sessions-per-principal=16"]);
});
afterAll(() => dashboard[Symbol.asyncDispose]());

function filterOf(page: Page): Locator {
  return page.getByRole("combobox", { name: "Display filter", exact: true });
}

function said(page: Page): Locator {
  return page.getByRole("search", { name: "Display filter" }).getByRole("status");
}

async function expectFilter(page: Page, filter: string | null): Promise<void> {
  await expect.poll(() => queryOf(page).get("filter")).toBe(filter);
}

describe("the display filter", () => {
  test("is said to be right, doubtful or wrong while one types", async () => {
    const page = await dashboard.open(FILE);
    const input = filterOf(page);
    await input.fill("dns.qry.name");
    await said(page).getByText("The filter is valid.").waitFor();
    await input.fill("bootp");
    await said(page).getByText('"bootp" is deprecated, use "dhcp" instead.').waitFor();
    await picture(page, "warning");
    await input.fill("ip and tcp.prt == 80");
    await said(page).getByText("must be a field or function, not tcp.prt").waitFor();
    await said(page).getByText("Correct the filter where it is underlined.").waitFor();
    expect(await page.locator(".filter-marks mark").textContent()).toBe("tcp.prt");
    expect(await input.getAttribute("aria-invalid")).toBe("true");
    await picture(page, "error");
    await expectAccessible(page, ".filter-bar");
  });

  test("is applied by Enter unless it is wrong, and the address has it", async () => {
    const page = await dashboard.open(FILE);
    const input = filterOf(page);
    await input.fill("dns.nothing");
    await input.press("Enter");
    await said(page).getByText("neither a field nor a protocol name").waitFor();
    await expectFilter(page, null);
    await input.fill("dns.a");
    await input.press("Enter");
    await expectFilter(page, "dns.a");
    await input.fill("something else");
    await input.press("Escape");
    await input.press("Escape");
    expect(await input.inputValue()).toBe("dns.a");
    await page.goBack();
    await expect.poll(() => input.inputValue()).toBe("");
    await page.goForward();
    await expect.poll(() => input.inputValue()).toBe("dns.a");
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await expectFilter(page, null);
  });

  test("gets the focus by a slash", async () => {
    const page = await dashboard.open(`${FILE}?filter=dns`);
    await expect.poll(() => filterOf(page).inputValue()).toBe("dns");
    await page.keyboard.press("/");
    await page.keyboard.type("ip/");
    expect(await filterOf(page).inputValue()).toBe("ip/");
  });

  test("is completed by the keyboard", async () => {
    const page = await dashboard.open(FILE);
    const input = filterOf(page);
    const list = page.getByRole("listbox", { name: "Completions" });
    await input.pressSequentially("not dns.qry.na");
    await list.getByRole("option", { name: "dns.qry.name Name character string" }).waitFor();
    await picture(page, "completion");
    await expectAccessible(page, ".filter-bar");
    await input.press("ArrowDown");
    const active = await input.getAttribute("aria-activedescendant");
    const option = list.getByRole("option", { selected: true });
    expect(await option.getAttribute("id")).toBe(active);
    await input.press("Tab");
    expect(await input.inputValue()).toBe("not dns.qry.name");
    await list.waitFor({ state: "hidden" });
    await input.pressSequentially(" =");
    await list.getByRole("option", { name: "==", exact: false }).first().waitFor();
    await input.press("Escape");
    await list.waitFor({ state: "hidden" });
    expect(await input.inputValue()).toBe("not dns.qry.name =");
    await input.fill("dns.flags.rcode == ");
    await list.getByRole("option", { name: "No such name" }).click();
    expect(await input.inputValue()).toBe('dns.flags.rcode == "No such name"');
    await input.press("Enter");
    await expectFilter(page, 'dns.flags.rcode == "No such name"');
  });

  test("is remembered, also when something else has applied it", async () => {
    const page = await dashboard.open(`${FILE}?filter=udp`);
    await filterOf(page).fill("ip");
    await filterOf(page).press("Enter");
    await expectFilter(page, "ip");
    await page.getByRole("button", { name: "Recent filters" }).click();
    await page.getByRole("menuitem", { name: "udp" }).click();
    await expectFilter(page, "udp");
    await filterOf(page).fill("");
    await filterOf(page).press("ArrowDown");
    const list = page.getByRole("listbox", { name: "Completions" });
    await list.getByRole("option", { name: "ip recent" }).waitFor();
  });

  test("is checked again when the daemon is back", async () => {
    const page = await dashboard.open(FILE);
    await filterOf(page).fill("dns");
    await said(page).getByText("The filter is valid.").waitFor();
    await dashboard.daemon.kill();
    await filterOf(page).fill("dns.a");
    await said(page).getByText("The filter can't be checked:").waitFor();
    await page.getByText("The daemon is away.").waitFor();
    await dashboard.daemon.restart();
    await said(page).getByText("The filter is valid.").waitFor();
  });

  test("comes from the daemon's saved filters and macros", async () => {
    const page = await dashboard.open(FILE);
    const saved = page.getByRole("button", { name: "Saved filters" });
    await saved.click();
    await page.getByRole("menuitem", { name: "No ARP: not arp" }).waitFor();
    await picture(page, "saved");
    await page.getByRole("menuitem", { name: "No ARP: not arp" }).click();
    await expectFilter(page, "not arp");
    await saved.click();
    await page.getByRole("menuitem", { name: "${private_ipv4}" }).click();
    expect(await filterOf(page).inputValue()).toBe("${private_ipv4:");
  });

  test("is saved with a name and a button", async () => {
    const page = await dashboard.open(FILE);
    await filterOf(page).fill("dns.flags.response == 1");
    await page.getByRole("button", { name: "Save this filter" }).click();
    const dialog = page.getByRole("dialog", { name: "Display filters" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Answers");
    await picture(page, "manage");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Answers" }).click();
    await expectFilter(page, "dns.flags.response == 1");
    await picture(page, "button");
    await page.getByRole("button", { name: "Answers" }).click({ button: "right" });
    await page.getByRole("menuitem", { name: "Remove this button" }).click();
    await page.getByRole("button", { name: "Answers" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Saved filters" }).click();
    await page.getByRole("menuitem", { name: "Answers: dns.flags.response == 1" }).waitFor();
  });
});

test("the profile is in the address, and the capture is opened with it", async () => {
  const page = await dashboard.open(FILE);
  using client = dashboard.client();
  const profilesInUse = async (): Promise<(string | undefined)[]> => {
    const { sessions } = await client.services.session.listSessions({});
    return sessions.map(({ options }) => options?.profile);
  };
  await page.getByRole("combobox", { name: "Profile" }).selectOption("Classic");
  await expect.poll(() => queryOf(page).get("profile")).toBe("Classic");
  await expect.poll(profilesInUse).toContain("Classic");
  await page.getByRole("combobox", { name: "Profile" }).selectOption("Default");
  await expect.poll(() => queryOf(page).get("profile")).toBe(null);
  await expect.poll(profilesInUse).not.toContain("Classic");
});
