// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { workFor } from "./list-work.js";

test.each([
  [{ filter: "dns", sort: "" }, { filter: "", sort: "" }, "filtering"],
  [{ filter: "dns", sort: "+%t" }, { filter: "", sort: "" }, "filtering"],
  [{ filter: "dns", sort: "+%t" }, { filter: "dns", sort: "" }, "sorting"],
  [{ filter: "dns", sort: "" }, { filter: "dns", sort: "-%t" }, "sorting"],
  [{ filter: "dns", sort: "" }, { filter: "dns", sort: "" }, "none"],
])("to %o from %o", (list, before, work) => {
  expect(workFor(list, before)).toBe(work);
});

test("a first list is only filtered and sorted if it is to be", () => {
  expect(workFor({ filter: "", sort: "" })).toBe("none");
  expect(workFor({ filter: "dns", sort: "" })).toBe("filtering");
  expect(workFor({ filter: "", sort: "+%t" })).toBe("sorting");
});
