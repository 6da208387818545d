// SPDX-License-Identifier: Apache-2.0

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Returns the values that the page's address has. */
export function queryOf(page: Page): URLSearchParams {
  return new URLSearchParams(new URL(page.url()).hash.split("?")[1]);
}

/** Does something in light colors, and in dark ones. */
async function inEachTheme(page: Page, act: (theme: string) => Promise<unknown>): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.locator(`:root[data-theme=${theme}]`).waitFor();
    // Charts are drawn again in the frame after that.
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await act(theme);
  }
}

/** Expects that axe finds nothing that keeps anybody from using the page, or a part of it. */
export async function expectAccessible(page: Page, part = ":root"): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
  expect(found).toEqual([]);
}

/** Expects the same in light and dark. */
export function expectAccessibleInThemes(page: Page): Promise<void> {
  return inEachTheme(page, () => expectAccessible(page));
}

/** Takes pictures, light and dark, if the variable SHOTS names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env["SHOTS"];
  if (!folder) return;
  await inEachTheme(page, (theme) => page.screenshot({ path: `${folder}/${name}-${theme}.png` }));
}
