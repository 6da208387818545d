// SPDX-License-Identifier: Apache-2.0

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { attempt } from "../app/notices.js";
import { belowButton } from "./below.js";
import { BookmarkIcon } from "./bookmark-icon.js";
import { showMenu } from "../ui/menu.js";
import { type Completion, recentCompletions } from "./completion.js";
import { checkFilter, completeFilter } from "./display-filter.js";
import { DisplayFilterInput } from "./display-filter-input.js";
import { appliedFilter, applyFilter, draftFilter, followApplied, prepareFilter } from "./draft.js";
import { FilterButtons } from "./filter-buttons.js";
import { FILTER_INPUT_ID, focusFilter, focusIfAwaited } from "./focus.js";
import { ManageFilters } from "./manage-filters.js";
import { displayFilters, rememberUse } from "./remembered.js";
import { ProfileChooser } from "./profile-chooser.js";
import { recentMenu, savedMenu } from "./saved-menu.js";

async function complete(text: string, cursor: number): Promise<readonly Completion[]> {
  const recent = recentCompletions(displayFilters.recent.value.value, text);
  return [...recent, ...(await completeFilter(text, cursor))];
}

/** Filters by the text unless it is wrong, which the bar says then. */
async function applyIfValid(text: string): Promise<void> {
  const { state } = await checkFilter(text);
  if (state !== "error") applyFilter(text);
  else focusFilter();
}

function apply(text: string): void {
  attempt(() => applyIfValid(text));
}

// Wireshark's key for the filter, wherever no text is being typed.
function onSlash(event: KeyboardEvent): void {
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
  const isTyping =
    event.target instanceof Element &&
    event.target.closest("input, textarea, select, [contenteditable], dialog, [role=menu]");
  if (isTyping) return;
  event.preventDefault();
  focusFilter();
}

/** Wireshark's bar for the display filter, which the address has once it is applied. */
export function FilterBar(): JSX.Element {
  const [isManaging, setManaging] = useState<"list" | "add" | undefined>(undefined);
  const draft = draftFilter.value;
  const applied = appliedFilter.value;

  // The bar follows the address, whoever has changed it.
  useSignalEffect(() => {
    followApplied();
    rememberUse(displayFilters, appliedFilter.value);
  });

  useEffect(() => {
    focusIfAwaited();
    addEventListener("keydown", onSlash);
    return (): void => {
      removeEventListener("keydown", onSlash);
    };
  }, []);

  return (
    <div class="filter-bar" role="search" aria-label="Display filter">
      <button
        type="button"
        aria-haspopup="menu"
        aria-label="Saved filters"
        title="Saved filters and macros"
        onClick={(event) => {
          savedMenu(event, {
            apply,
            prepare: prepareFilter,
            manage: () => {
              setManaging("list");
            },
          });
        }}
      >
        <BookmarkIcon />
      </button>
      <DisplayFilterInput
        id={FILTER_INPUT_ID}
        label="Display filter"
        placeholder="Apply a display filter … </>"
        draft={draft}
        applied={applied}
        onDraft={(text) => {
          draftFilter.value = text;
        }}
        onEnter={() => {
          apply(draft);
        }}
        completer={complete}
      />
      <button
        type="button"
        aria-label="Clear the filter"
        title="Clear the filter"
        disabled={draft === "" && applied === ""}
        onClick={() => {
          applyFilter("");
          focusFilter();
        }}
      >
        ×
      </button>
      <button
        type="submit"
        title="Apply this filter (Enter)"
        disabled={draft.trim() === applied}
        onClick={() => {
          apply(draft);
        }}
      >
        Apply
      </button>
      <button
        type="button"
        aria-haspopup="menu"
        aria-label="Recent filters"
        title="Recent filters"
        onClick={(event) => {
          showMenu(belowButton(event), recentMenu(apply));
        }}
      >
        ▾
      </button>
      <FilterButtons
        onApply={apply}
        onPrepare={prepareFilter}
        onAdd={() => {
          setManaging("add");
        }}
      />
      <ProfileChooser />
      {isManaging && (
        <ManageFilters
          title="Display filters"
          filters={displayFilters}
          {...(isManaging === "add" && { added: draft })}
          onClose={() => {
            setManaging(undefined);
          }}
        />
      )}
    </div>
  );
}
