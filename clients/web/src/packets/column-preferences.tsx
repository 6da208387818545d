// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { attempt } from "../app/notices.js";
import { client } from "../daemon/connection.js";
import { Dialog } from "../ui/dialog.js";
import { useAnswer } from "../ui/use-answer.js";
import { columnOf, CUSTOM, type PacketColumn } from "./column-format.js";
import { type ColumnFormatChoice, ColumnRow } from "./column-row.js";
import { allColumns, setColumns } from "./columns.js";

export interface ColumnPreferencesProps {
  /** The column that is to be edited. */
  readonly column?: PacketColumn;
  readonly onClose: () => void;
}

/** Returns what is wrong with a column; an empty text if nothing is. */
async function faultOf({ format, fields }: PacketColumn): Promise<string> {
  const column = { format, customFields: format === CUSTOM ? fields : "" };
  const { failure } = await client.value.services.registry.validateColumn({ column });
  return failure?.message ?? "";
}

async function askFormats(signal: AbortSignal): Promise<readonly ColumnFormatChoice[]> {
  const { registry } = client.value.services;
  return (await registry.listColumnFormats({}, { signal })).columnFormats;
}

const HEADINGS = ["Displayed", "Title", "Type", "Fields", "Occurrence", "Names", "Width"];

/** Wireshark's preferences of columns: all of them at once. */
export function ColumnPreferences({ column, onClose }: ColumnPreferencesProps): JSX.Element {
  const [rows, setRows] = useState(() => allColumns.peek());
  const [faults, setFaults] = useState<readonly string[]>([]);
  const formats = useAnswer(askFormats, [client.value]).value ?? [];
  const first = column ? rows.indexOf(column) : -1;

  async function save(): Promise<void> {
    const found = await Promise.all(rows.map(faultOf));
    setFaults(found);
    if (found.some(Boolean)) return;
    setColumns(rows);
    onClose();
  }

  function move(index: number, by: 1 | -1): void {
    const row = rows[index];
    if (row) setRows(rows.toSpliced(index, 1).toSpliced(index + by, 0, row));
  }

  return (
    <Dialog title="Column preferences" onClose={onClose}>
      <form
        class="column-preferences"
        onSubmit={(event) => {
          event.preventDefault();
          attempt(save);
        }}
      >
        <table>
          <thead>
            <tr>
              {HEADINGS.map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <ColumnRow
                key={index}
                row={row}
                formats={formats}
                fault={faults[index] ?? ""}
                isFirst={index === first}
                onChange={(changed) => {
                  setRows(rows.with(index, changed));
                }}
                onRemove={() => {
                  setRows(rows.toSpliced(index, 1));
                }}
                {...(index > 0 && {
                  onUp: (): void => {
                    move(index, -1);
                  },
                })}
              />
            ))}
          </tbody>
        </table>
        {rows.every(({ isHidden }) => isHidden) && (
          <p role="alert">At least one column must be displayed.</p>
        )}
        <footer>
          <button
            type="button"
            onClick={() => {
              setRows([...rows, columnOf({ format: CUSTOM, title: "New Column" })]);
            }}
          >
            Add a column
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" disabled={rows.every(({ isHidden }) => isHidden)}>
            Save
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
