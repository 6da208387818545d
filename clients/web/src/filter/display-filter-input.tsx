// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import type { Completion } from "./completion.js";
import { checkFilter, completeFilter } from "./display-filter.js";
import { FilterInput } from "./filter-input.js";
import { useCheck } from "./use-check.js";

export interface DisplayFilterInputProps {
  readonly label: string;
  readonly placeholder: string;
  /** What the input has. */
  readonly draft: string;
  /** What Escape brings back. */
  readonly applied: string;
  readonly onDraft: (text: string) => void;
  readonly onEnter: () => void;
  readonly id?: string;
  readonly completer?: (text: string, cursor: number) => Promise<readonly Completion[]>;
}

/** An input for a display filter, which the daemon checks and completes. */
export function DisplayFilterInput(props: DisplayFilterInputProps): JSX.Element {
  const { label, placeholder, draft, applied, onDraft, onEnter, id } = props;
  return (
    <FilterInput
      {...(id !== undefined && { id })}
      label={label}
      placeholder={placeholder}
      value={draft}
      onInput={onDraft}
      onEnter={onEnter}
      onEscape={() => {
        onDraft(applied);
      }}
      check={useCheck(draft, checkFilter)}
      completer={props.completer ?? completeFilter}
    />
  );
}
