// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useCallback, useState } from "preact/hooks";
import { belowButton } from "./below.js";
import { BookmarkIcon } from "./bookmark-icon.js";
import { client } from "../daemon/connection.js";
import { showMenu } from "../ui/menu.js";
import { completeCaptureWord } from "./capture-words.js";
import { checkCaptureFilter } from "./check.js";
import { type Completion, recentCompletions } from "./completion.js";
import { FilterInput } from "./filter-input.js";
import { ManageFilters } from "./manage-filters.js";
import { captureFilters, rememberUse } from "./remembered.js";
import { useCheck } from "./use-check.js";

export interface CaptureFilterInputProps {
  readonly value: string;
  readonly onChange: (filter: string) => void;
  /** The interface whose packets it is for. */
  readonly interface?: string;
  /** Their link-layer type if it isn't the interface's own, such as `EN10MB`. */
  readonly linkType?: string;
  readonly onEnter?: () => void;
}

/** Remembers a capture filter that a capture was started with. */
export function rememberCaptureFilter(filter: string): void {
  rememberUse(captureFilters, filter.trim());
}

function complete(text: string, cursor: number): Promise<readonly Completion[]> {
  const recent = recentCompletions(captureFilters.recent.value.value, text);
  return Promise.resolve([...recent, ...completeCaptureWord(text, cursor)]);
}

/** An input for a capture filter, which is checked for an interface. */
export function CaptureFilterInput(props: CaptureFilterInputProps): JSX.Element {
  const { value, onChange, interface: name, linkType } = props;
  const [isManaging, setManaging] = useState(false);
  const checker = useCallback(
    (text: string) => checkCaptureFilter(client.value, text, { interface: name, linkType }),
    [name, linkType],
  );
  function chooseSaved(event: MouseEvent): void {
    showMenu(belowButton(event), [
      {
        label: "Manage capture filters …",
        action: (): void => {
          setManaging(true);
        },
      },
      ...captureFilters.own.value.value.map((own) => ({
        label: `${own.name}: ${own.filter}`,
        action: (): void => {
          onChange(own.filter);
        },
      })),
    ]);
  }
  return (
    <div class="filter-bar capture-filter">
      <button
        type="button"
        aria-haspopup="menu"
        aria-label="Saved capture filters"
        onClick={chooseSaved}
      >
        <BookmarkIcon />
      </button>
      <FilterInput
        label="Capture filter"
        placeholder="Enter a capture filter …"
        value={value}
        onInput={onChange}
        {...(props.onEnter && { onEnter: props.onEnter })}
        check={useCheck(value, checker)}
        completer={complete}
      />
      {isManaging && (
        <ManageFilters
          title="Capture filters"
          filters={captureFilters}
          hasButtons={false}
          onClose={() => {
            setManaging(false);
          }}
        />
      )}
    </div>
  );
}
