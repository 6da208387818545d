// SPDX-License-Identifier: Apache-2.0

/** What can be done with a row of a report: by a right click, or by the button in the row. */
import type { JSX } from "preact";
import { copyText } from "../app/clipboard.js";
import { filterMenus } from "../filter/filter-menu.js";
import { type MenuItem, showMenu } from "../ui/menu.js";

/** Returns Wireshark's menus for a filter. */
export function filterItems(filter: string): MenuItem[] {
  return [
    ...filterMenus(filter),
    {
      label: "Copy Filter",
      action: (): void => {
        copyText(filter);
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
