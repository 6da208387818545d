// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { checkFilter, completeFilter } from "../../filter/display-filter.js";
import { FilterInput } from "../../filter/filter-input.js";
import { useCheck } from "../../filter/use-check.js";

export interface GraphFilterProps {
  readonly label: string;
  readonly value: string;
  /** The user has pressed Enter or left the input. */
  readonly onApply: (filter: string) => void;
}

/** The display filter of a graph. */
export function GraphFilter({ label, value, onApply }: GraphFilterProps): JSX.Element {
  const [draft, setDraft] = useState(value);
  useEffect(() => {
    setDraft(value);
  }, [value]);
  const apply = (): void => {
    if (draft.trim() !== value) onApply(draft.trim());
  };
  return (
    <div onFocusOut={apply}>
      <FilterInput
        label={label}
        placeholder="All packets"
        value={draft}
        onInput={setDraft}
        onEnter={apply}
        onEscape={() => {
          setDraft(value);
        }}
        check={useCheck(draft, checkFilter)}
        completer={completeFilter}
      />
    </div>
  );
}
