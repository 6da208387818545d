// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { DisplayFilterInput } from "../../filter/display-filter-input.js";

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
      <DisplayFilterInput
        label={label}
        placeholder="All packets"
        draft={draft}
        applied={value}
        onDraft={setDraft}
        onEnter={apply}
      />
    </div>
  );
}
