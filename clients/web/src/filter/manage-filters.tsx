// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { ListDialog } from "../ui/list-dialog.js";
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

interface CellsProps {
  readonly row: OwnFilter;
  readonly hasButtons: boolean;
  /** Whether the cursor is in the row at first. */
  readonly isFirst: boolean;
  readonly onChange: (row: OwnFilter) => void;
}

function Cells({ row, hasButtons, isFirst, onChange }: CellsProps): JSX.Element {
  return (
    <>
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
    </>
  );
}

/** The dialog for the user's own filters. */
export function ManageFilters(props: ManageFiltersProps): JSX.Element {
  const { title, filters, added, onClose, hasButtons = true } = props;
  const rows = [
    ...filters.own.value.peek(),
    ...(added === undefined ? [] : [{ name: "", filter: added, isButton: hasButtons }]),
  ];
  return (
    <ListDialog<OwnFilter>
      title={title}
      class="manage-filters"
      headings={["Name", "Filter", ...(hasButtons ? ["Button"] : [])]}
      rows={rows}
      cells={(row, index, change) => (
        <Cells
          row={row}
          hasButtons={hasButtons}
          isFirst={index === rows.length - 1}
          onChange={change}
        />
      )}
      nameOf={({ name }) => name || "this filter"}
      addLabel="Add a filter"
      newRow={() => ({ name: "", filter: "", isButton: false })}
      emptyText="There are none yet. They are kept by this browser."
      onSave={(saved) => {
        filters.own.set(saved.map((row) => ({ ...row, name: row.name.trim() })));
        return true;
      }}
      onClose={onClose}
    />
  );
}
