// SPDX-License-Identifier: Apache-2.0

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Returns the values that the page's address has. */
export function queryOf(page: Page): URLSearchParams {
  return new URLSearchParams(new URL(page.url()).hash.split("?")[1]);
}

/** Expects that axe finds nothing wrong in a part of the page. */
export async function expectAccessible(page: Page, part: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  expect(violations).toEqual([]);
}

/** Takes pictures, light and dark, if the variable SHOTS names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["SHOTS"];
  if (!folder) return;
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.locator(`:root[data-theme=${theme}]`).waitFor();
    // Charts are drawn again in the frame after that.
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await page.screenshot({ path: `${folder}/${name}-${theme}.png` });
  }
}
