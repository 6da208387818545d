// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../ui/dialog.js";
import type { OwnFilter, Remembered } from "./remembered.js";

export interface ManageFiltersProps {
  readonly title: string;
  readonly filters: Remembered;
  /** A filter to be saved, which has no name yet. */
  readonly added?: string;
  readonly onClose: () => void;
  /** Whether filters can have buttons. */
  readonly hasButtons?: boolean;
}

interface RowProps {
  readonly row: OwnFilter;
  readonly hasButtons: boolean;
  /** Whether the cursor is in the row at first. */
  readonly isFirst: boolean;
  readonly onChange: (row: OwnFilter) => void;
  readonly onRemove: () => void;
}

function Row({ row, hasButtons, isFirst, onChange, onRemove }: RowProps): JSX.Element {
  return (
    <tr>
      <td>
        <input
          aria-label="Name"
          required
          autofocus={isFirst}
          value={row.name}
          onInput={({ currentTarget }) => {
            onChange({ ...row, name: currentTarget.value });
          }}
        />
      </td>
      <td>
        <input
          aria-label="Filter"
          class="filter-text"
          required
          spellcheck={false}
          value={row.filter}
          onInput={({ currentTarget }) => {
            onChange({ ...row, filter: currentTarget.value });
          }}
        />
      </td>
      {hasButtons && (
        <td class="choice">
          <input
            type="checkbox"
            aria-label="Button in the bar"
            checked={row.isButton}
            onChange={({ currentTarget }) => {
              onChange({ ...row, isButton: currentTarget.checked });
            }}
          />
        </td>
      )}
      <td>
        <button type="button" aria-label={`Remove ${row.name || "this filter"}`} onClick={onRemove}>
          −
        </button>
      </td>
    </tr>
  );
}

/** The dialog for the user's own filters. */
export function ManageFilters(props: ManageFiltersProps): JSX.Element {
  const { title, filters, added, onClose, hasButtons = true } = props;
  const [rows, setRows] = useState<readonly OwnFilter[]>(() => [
    ...filters.own.value.peek(),
    ...(added === undefined ? [] : [{ name: "", filter: added, isButton: hasButtons }]),
  ]);
  const headings = ["Name", "Filter", ...(hasButtons ? ["Button"] : [])];
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="manage-filters"
        onSubmit={(event) => {
          event.preventDefault();
          filters.own.set(rows.map((row) => ({ ...row, name: row.name.trim() })));
          onClose();
        }}
      >
        {rows.length === 0 && <p>There are none yet. They are kept by this browser.</p>}
        <table hidden={rows.length === 0}>
          <thead>
            <tr>
              {headings.map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <Row
                key={index}
                row={row}
                hasButtons={hasButtons}
                isFirst={index === rows.length - 1}
                onChange={(changed) => {
                  setRows(rows.with(index, changed));
                }}
                onRemove={() => {
                  setRows(rows.toSpliced(index, 1));
                }}
              />
            ))}
          </tbody>
        </table>
        <footer>
          <button
            type="button"
            onClick={() => {
              setRows([...rows, { name: "", filter: "", isButton: false }]);
            }}
          >
            Add a filter
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit">Save</button>
        </footer>
      </form>
    </Dialog>
  );
}
