// SPDX-License-Identifier: Apache-2.0

/** What can be done with a row of a report: by a right click, or by the button in the row. */
import type { JSX } from "preact";
import { address } from "../app/address.js";
import { attempt, showDone } from "../app/notices.js";
import { type MenuItem, showMenu } from "../ui/menu.js";
import { applyFilter, both } from "./report-parts.js";

/** Returns Wireshark's menu to apply a filter. */
export function filterItems(filter: string): MenuItem[] {
  const current = address.value.query["filter"] ?? "";
  const apply = (label: string, wanted: string): MenuItem => ({
    label,
    action: (): void => {
      applyFilter(wanted);
    },
  });
  const combined = [
    apply("… and Selected", both(current, filter)),
    apply("… or Selected", `(${current}) || (${filter})`),
    apply("… and not Selected", both(current, `!(${filter})`)),
  ];
  return [
    { label: "Apply as Filter" },
    apply("Selected", filter),
    apply("Not Selected", `!(${filter})`),
    ...(current ? combined : []),
    {
      label: "Copy Filter",
      action: (): void => {
        attempt(async () => {
          await navigator.clipboard.writeText(filter);
          showDone("The filter is in the clipboard.");
        });
      },
    },
  ];
}

export function RowMenuButton(props: { about: string; items: () => MenuItem[] }): JSX.Element {
  return (
    <button
      type="button"
      class="row-menu"
      aria-label={`Actions for ${props.about}`}
      aria-haspopup="menu"
      onClick={(event) => {
        showMenu(event, props.items());
      }}
    >
      ⋮
    </button>
  );
}
