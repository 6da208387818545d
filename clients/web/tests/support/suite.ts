// SPDX-License-Identifier: Apache-2.0

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { Dashboard } from "./dashboard.js";

/** The dashboard of a file of tests, each of which is a user with nothing remembered. */
export interface Suite {
  readonly dashboard: Dashboard;
  /** Opens the page at an address, for the user of this test. */
  readonly open: (address: string) => Promise<Page>;
}

/** Starts a dashboard before the tests of a file, and ends it after them. */
export function suite(): Suite {
  let dashboard: Dashboard | undefined;
  let context: BrowserContext | undefined;
  const started = (): Dashboard => {
    if (!dashboard) throw new Error("The dashboard is there in tests only.");
    return dashboard;
  };
  beforeAll(async () => {
    // Each test opens sessions of its own.
    dashboard = await Dashboard.start(["--max-sessions-per-principal=100", "--max-sessions=100"]);
  });
  afterEach(async () => {
    await context?.close();
    context = undefined;
  });
  afterAll(() => started()[Symbol.asyncDispose]());
  return {
    get dashboard(): Dashboard {
      return started();
    },
    async open(address): Promise<Page> {
      context ??= await started().context();
      return started().open(address, context);
    },
  };
}
