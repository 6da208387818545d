// SPDX-License-Identifier: Apache-2.0

/** What reports take besides their names, by the usage that ListReports has for them. */
import type { ReportType } from "@dissectd/client/api";

/** How the usage says that a filter can follow. */
export const FILTER = "[,filter]";

/** Returns whether a report takes arguments other than a filter. */
export function needsArguments(usage: string): "none" | "optional" | "required" {
  const rest = usage.replace(FILTER, "");
  if (rest === "") return "none";
  return rest.startsWith("[") ? "optional" : "required";
}

/** Returns what `tshark -z` takes for a report with arguments and a filter. */
export function argumentOf(
  { name, usage }: Pick<ReportType, "name" | "usage">,
  given: string,
  filter: string,
): string {
  const parts = [name, given.replace(/^,/, "")];
  // Reports such as `hosts` take none.
  if (usage.includes(FILTER)) parts.push(filter);
  return parts.filter((part) => part !== "").join(",");
}
