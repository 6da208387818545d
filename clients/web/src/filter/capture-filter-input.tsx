// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { createPortal } from "preact/compat";
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
import { captureFilters } from "./remembered.js";
import { useCheck } from "./use-check.js";

export interface CaptureFilterInputProps {
  /** What it is called, if there is more than one. */
  readonly label?: string;
  readonly value: string;
  readonly onChange: (filter: string) => void;
  /** The interface whose packets it is for. */
  readonly interface?: string;
  /** Their link-layer type if it isn't the interface's own, such as `EN10MB`. */
  readonly linkType?: string;
  readonly isDisabled?: boolean;
  readonly onEnter?: () => void;
}

function complete(text: string, cursor: number): Promise<readonly Completion[]> {
  const recent = recentCompletions(captureFilters.recent.value.value, text);
  return Promise.resolve([...recent, ...completeCaptureWord(text, cursor)]);
}

/** An input for a capture filter, which is checked for an interface. */
export function CaptureFilterInput(props: CaptureFilterInputProps): JSX.Element {
  const { label = "Capture filter", value, onChange, interface: name, linkType } = props;
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
        title="Saved capture filters"
        disabled={props.isDisabled}
        onClick={chooseSaved}
      >
        <BookmarkIcon />
      </button>
      <FilterInput
        label={label}
        placeholder="Enter a capture filter …"
        value={value}
        onInput={onChange}
        isDisabled={props.isDisabled ?? false}
        {...(props.onEnter && { onEnter: props.onEnter })}
        check={useCheck(value, checker)}
        completer={complete}
      />
      {isManaging &&
        // Its form can't be within that of a dialog.
        createPortal(
          <ManageFilters
            title="Capture filters"
            filters={captureFilters}
            hasButtons={false}
            onClose={() => {
              setManaging(false);
            }}
          />,
          document.body,
        )}
    </div>
  );
}
