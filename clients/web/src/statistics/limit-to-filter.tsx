// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { attempt } from "../app/notices.js";
import { setQuery } from "../app/address.js";
import { checkFilter } from "../filter/display-filter.js";
import { DisplayFilterInput } from "../filter/display-filter-input.js";

export interface LimitToFilterProps {
  /** The filter that the address has. */
  readonly filter: string;
  readonly isLimited: boolean;
}

function limitTo(filter: string, isLimited: boolean): void {
  setQuery({ filter, limited: isLimited ? "yes" : "" });
}

/** Limits to the filter unless it is wrong, which the input says then. */
async function limitIfValid(filter: string): Promise<void> {
  const { state } = await checkFilter(filter);
  if (state !== "error") limitTo(filter, filter !== "");
}

/** Wireshark's check box, and the filter that it is about. */
export function LimitToFilter({ filter, isLimited }: LimitToFilterProps): JSX.Element {
  const [draft, setDraft] = useState(filter);
  useEffect(() => {
    setDraft(filter);
  }, [filter]);
  const wanted = draft.trim();
  const apply = (): void => {
    attempt(() => limitIfValid(wanted));
  };
  return (
    <form
      class="limit"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <label>
        <input
          type="checkbox"
          checked={isLimited}
          onChange={({ currentTarget }) => {
            limitTo(wanted, currentTarget.checked);
          }}
        />
        Limit to display filter
      </label>
      <DisplayFilterInput
        label="Display filter"
        placeholder="Display filter"
        draft={draft}
        applied={filter}
        onDraft={setDraft}
        onEnter={apply}
      />
      <button type="submit">Apply</button>
    </form>
  );
}
