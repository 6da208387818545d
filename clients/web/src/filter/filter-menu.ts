// SPDX-License-Identifier: Apache-2.0

/** Wireshark's two menus by which something that is shown becomes a display filter. */
import type { MenuItem } from "../ui/menu.js";
import { COMBINATIONS, combine } from "./combine.js";
import { appliedFilter, applyFilter, prepareFilter, presentDraft } from "./draft.js";

/** Returns the menus to apply a filter, or to write it without its being applied. */
export function filterMenus(filter: string | undefined): MenuItem[] {
  if (filter === undefined) return [];
  const items = (use: (filter: string) => void, present: () => string): MenuItem[] => [
    { label: filter },
    ...COMBINATIONS.map((how) => ({
      label: how,
      action: (): void => {
        use(combine(present(), filter, how));
      },
    })),
  ];
  return [
    { label: "Apply as Filter", items: items(applyFilter, () => appliedFilter.value) },
    { label: "Prepare as Filter", items: items(prepareFilter, presentDraft) },
  ];
}
