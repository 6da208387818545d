// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { Completion } from "./completion.js";

export interface CompletionListboxProps {
  /** The id of the input. */
  readonly id: string;
  readonly label: string;
  readonly items: readonly Completion[];
  readonly active: number;
  readonly onChoose: (item: Completion) => void;
}

/** Returns the id of an item's element. */
export function optionId(id: string, index: number): string {
  return `${id}-option-${String(index)}`;
}

/** The list below an input of what can be inserted. The input keeps the focus. */
export function CompletionListbox(props: CompletionListboxProps): JSX.Element {
  const { id, label, items, active, onChoose } = props;
  useLayoutEffect(() => {
    if (active >= 0)
      document.getElementById(optionId(id, active))?.scrollIntoView({ block: "nearest" });
  }, [id, active]);
  return (
    <ul
      id={`${id}-list`}
      class="completions"
      role="listbox"
      aria-label={label}
      hidden={items.length === 0}
    >
      {items.map((item, index) => (
        <li
          key={`${item.kind} ${item.insert}`}
          id={optionId(id, index)}
          role="option"
          aria-selected={index === active}
          onPointerDown={(event) => {
            // The input would lose the focus, and the list would close.
            event.preventDefault();
            onChoose(item);
          }}
        >
          <span class="completion-name">{item.label}</span>
          <span class="completion-description">{item.description}</span>
          <span class="completion-kind">{item.kind}</span>
        </li>
      ))}
    </ul>
  );
}
