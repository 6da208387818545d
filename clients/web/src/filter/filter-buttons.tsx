// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { showMenu } from "../ui/menu.js";
import { displayFilters, type OwnFilter } from "./remembered.js";

export interface FilterButtonsProps {
  readonly onApply: (filter: string) => void;
  readonly onPrepare: (filter: string) => void;
  readonly onAdd: () => void;
}

function remove(filter: OwnFilter): void {
  const { own } = displayFilters;
  own.set(
    own.value.peek().map((other) => (other === filter ? { ...other, isButton: false } : other)),
  );
}

/** The user's filters that have buttons, and a button that adds one. */
export function FilterButtons({ onApply, onPrepare, onAdd }: FilterButtonsProps): JSX.Element {
  const shown = displayFilters.own.value.value.filter(({ isButton }) => isButton);
  return (
    <>
      <button type="button" aria-label="Save this filter" title="Save this filter" onClick={onAdd}>
        +
      </button>
      {shown.map((own) => (
        <button
          key={`${own.name} ${own.filter}`}
          type="button"
          class="filter-button"
          title={own.filter}
          onClick={() => {
            onApply(own.filter);
          }}
          onContextMenu={(event) => {
            showMenu(event, [
              {
                label: "Apply",
                action: (): void => {
                  onApply(own.filter);
                },
              },
              {
                label: "Prepare",
                action: (): void => {
                  onPrepare(own.filter);
                },
              },
              {
                label: "Remove this button",
                action: (): void => {
                  remove(own);
                },
              },
            ]);
          }}
        >
          {own.name}
        </button>
      ))}
    </>
  );
}
