// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { client } from "../../daemon/connection.js";
import { checkDisplayFilter, type FilterCheck } from "../../filter/check.js";
import { completeDisplayFilter, type Completion } from "../../filter/completion.js";
import { FilterInput } from "../../filter/filter-input.js";
import { useCheck } from "../../filter/use-check.js";

function check(text: string): Promise<FilterCheck> {
  return checkDisplayFilter(client.value, text);
}

async function complete(text: string, cursor: number): Promise<readonly Completion[]> {
  return text.trim() === "" ? [] : completeDisplayFilter(client.value, text, cursor);
}

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
        check={useCheck(draft, check)}
        completer={complete}
      />
    </div>
  );
}
