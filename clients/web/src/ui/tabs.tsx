// SPDX-License-Identifier: Apache-2.0

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

export interface TabsProps<Name extends string> {
  readonly label: string;
  readonly names: readonly Name[];
  readonly selected: Name;
  readonly onSelect: (name: Name) => void;
  /** What the selected tab shows. */
  readonly children: ComponentChildren;
}

/** Tabs, which the arrow keys change, and the panel of the selected one. */
export function Tabs<Name extends string>(props: TabsProps<Name>): JSX.Element {
  const { label, names, selected, onSelect, children } = props;
  const id = useId();
  function select(by: number): void {
    const index = (names.indexOf(selected) + by + names.length) % names.length;
    const next = names[index];
    if (next === undefined) return;
    onSelect(next);
    document.getElementById(`${id}-${String(index)}`)?.focus();
  }
  return (
    <div class="tabs">
      <div role="tablist" aria-label={label}>
        {names.map((name, index) => (
          <button
            key={name}
            id={`${id}-${String(index)}`}
            type="button"
            role="tab"
            aria-selected={name === selected}
            aria-controls={`${id}-panel`}
            tabIndex={name === selected ? 0 : -1}
            onClick={() => {
              onSelect(name);
            }}
            onKeyDown={({ key }) => {
              if (key === "ArrowRight") select(1);
              if (key === "ArrowLeft") select(-1);
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <div
        id={`${id}-panel`}
        class="tab-panel"
        role="tabpanel"
        tabIndex={0}
        aria-labelledby={`${id}-${String(names.indexOf(selected))}`}
      >
        {children}
      </div>
    </div>
  );
}
