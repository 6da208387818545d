// SPDX-License-Identifier: Apache-2.0

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** Returns what axe finds wrong with what a page shows, one line each. */
export async function findingsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary ?? ""}`),
  );
}
