// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { CUSTOM, LEAST_WIDTH, type PacketColumn } from "./column-format.js";

export interface ColumnFormatChoice {
  readonly format: string;
  readonly description: string;
}

export interface ColumnCellsProps {
  readonly row: PacketColumn;
  readonly formats: readonly ColumnFormatChoice[];
  /** What is wrong with the column. */
  readonly fault: string;
  /** Whether the cursor is in the row at first. */
  readonly isFirst: boolean;
  readonly onChange: (row: PacketColumn) => void;
}

// The daemon may not have told its formats yet.
function FormatChooser({ row, formats, onChange }: ColumnCellsProps): JSX.Element {
  const isKnown = formats.some(({ format }) => format === row.format);
  return (
    <select
      aria-label="Type"
      value={row.format}
      onChange={({ currentTarget }) => {
        onChange({ ...row, format: currentTarget.value });
      }}
    >
      {!isKnown && <option>{row.format}</option>}
      {formats.map(({ format, description }) => (
        <option key={format} value={format}>
          {description}
        </option>
      ))}
    </select>
  );
}

/** The cells that only custom columns have. */
function CustomCells({ row, fault, onChange }: ColumnCellsProps): JSX.Element {
  const id = useId();
  if (row.format !== CUSTOM) return <td colSpan={3} />;
  return (
    <>
      <td>
        <input
          aria-label="Fields"
          placeholder="dns.a || dns.aaaa"
          required
          spellcheck={false}
          aria-invalid={fault !== ""}
          aria-describedby={id}
          value={row.fields}
          onInput={({ currentTarget }) => {
            onChange({ ...row, fields: currentTarget.value });
          }}
        />
        <p id={id} class="fault" role="alert">
          {fault && `${fault} Correct the names of the fields.`}
        </p>
      </td>
      <td>
        <input
          type="number"
          aria-label="Occurrence"
          title="0: all, 1: the first, -1: the last"
          required
          value={row.occurrence}
          onChange={({ currentTarget }) => {
            onChange({ ...row, occurrence: Math.trunc(currentTarget.valueAsNumber || 0) });
          }}
        />
      </td>
      <td class="choice">
        <input
          type="checkbox"
          aria-label="Resolve names"
          checked={row.isResolved}
          onChange={({ currentTarget }) => {
            onChange({ ...row, isResolved: currentTarget.checked });
          }}
        />
      </td>
    </>
  );
}

/** A column in the dialog for all columns. */
export function ColumnCells(props: ColumnCellsProps): JSX.Element {
  const { row, isFirst, onChange } = props;
  return (
    <>
      <td class="choice">
        <input
          type="checkbox"
          aria-label="Displayed"
          checked={!row.isHidden}
          onChange={({ currentTarget }) => {
            onChange({ ...row, isHidden: !currentTarget.checked });
          }}
        />
      </td>
      <td>
        <input
          aria-label="Title"
          required
          autofocus={isFirst}
          value={row.title}
          onInput={({ currentTarget }) => {
            onChange({ ...row, title: currentTarget.value });
          }}
        />
      </td>
      <td>
        <FormatChooser {...props} />
      </td>
      <CustomCells {...props} />
      <td>
        <input
          type="number"
          aria-label="Width"
          min={LEAST_WIDTH}
          max={2000}
          required
          value={row.width}
          onChange={({ currentTarget }) => {
            onChange({ ...row, width: currentTarget.valueAsNumber || row.width });
          }}
        />
      </td>
    </>
  );
}
