// SPDX-License-Identifier: Apache-2.0

/** The menus of filters: those of the daemon's profile, the user's own, and the last ones. */
import { attempt } from "../app/notices.js";
import { client } from "../daemon/connection.js";
import { type MenuItem, showMenu } from "../ui/menu.js";
import { belowButton } from "./below.js";
import { displayFilters } from "./remembered.js";

export interface FilterActions {
  readonly apply: (filter: string) => void;
  readonly prepare: (filter: string) => void;
  readonly manage: () => void;
}

interface NamedFilter {
  readonly name: string;
  readonly filter: string;
}

function section(
  heading: string,
  filters: readonly NamedFilter[],
  apply: (filter: string) => void,
): readonly MenuItem[] {
  const items = filters.map(({ name, filter }) => ({
    label: `${name}: ${filter}`,
    action: (): void => {
      apply(filter);
    },
  }));
  return items.length > 0 ? [{ label: heading }, ...items] : [];
}

// Macros need arguments, so that they are only begun.
function macroItem(
  { name, text }: { readonly name: string; readonly text: string },
  prepare: (filter: string) => void,
): MenuItem {
  const isWithArguments = text.includes("$1");
  return {
    label: `\${${name}}: ${text}`,
    action: (): void => {
      prepare(isWithArguments ? `\${${name}:` : `\${${name}}`);
    },
  };
}

async function showSaved(event: MouseEvent, actions: FilterActions): Promise<void> {
  const { filter } = client.value.services;
  const [{ filters }, { macros }] = await Promise.all([
    filter.listSavedFilters({}),
    filter.listFilterMacros({}),
  ]);
  const macroItems = macros.map((macro) => macroItem(macro, actions.prepare));
  showMenu(event, [
    { label: "Manage display filters …", action: actions.manage },
    ...section("Your filters", displayFilters.own.value.value, actions.apply),
    ...section("Filters of the daemon's profile", filters, actions.apply),
    ...(macroItems.length > 0 ? [{ label: "Macros" }, ...macroItems] : []),
  ]);
}

/** Opens the menu of saved filters and macros below the button of the event. */
export function savedMenu(event: MouseEvent, actions: FilterActions): void {
  const place = belowButton(event);
  attempt(() => showSaved(place, actions));
}

/** Returns the menu of the last filters. */
export function recentMenu(apply: (filter: string) => void): readonly MenuItem[] {
  const recent = displayFilters.recent.value.value;
  if (recent.length === 0) return [{ label: "No filter has been applied yet" }];
  return [
    ...recent.map((filter) => ({
      label: filter,
      action: (): void => {
        apply(filter);
      },
    })),
    {
      label: "Forget these filters",
      action: (): void => {
        displayFilters.recent.set([]);
      },
    },
  ];
}
