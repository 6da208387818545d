// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { client } from "../daemon/connection.js";
import { ListDialog } from "../ui/list-dialog.js";
import { useAnswer } from "../ui/use-answer.js";
import { columnOf, CUSTOM, type PacketColumn } from "./column-format.js";
import { ColumnCells, type ColumnFormatChoice } from "./column-cells.js";
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
  const rows = allColumns.peek();
  // A row that is changed is another one, which nobody has found wrong yet.
  const [faults, setFaults] = useState<ReadonlyMap<PacketColumn, string>>(new Map());
  const formats = useAnswer(askFormats, [client.value]).value ?? [];
  const first = column ? rows.indexOf(column) : -1;

  async function save(saved: readonly PacketColumn[]): Promise<boolean> {
    const found = await Promise.all(saved.map(faultOf));
    setFaults(new Map(saved.map((row, index) => [row, found[index] ?? ""])));
    if (found.some(Boolean)) return false;
    setColumns(saved);
    return true;
  }

  return (
    <ListDialog<PacketColumn>
      title="Column preferences"
      class="column-preferences"
      headings={HEADINGS}
      rows={rows}
      cells={(row, index, change) => (
        <ColumnCells
          row={row}
          formats={formats}
          fault={faults.get(row) ?? ""}
          isFirst={index === first}
          onChange={change}
        />
      )}
      nameOf={({ title }) => title}
      addLabel="Add a column"
      newRow={() => columnOf({ format: CUSTOM, title: "New Column" })}
      faultOf={(all) =>
        all.every(({ isHidden }) => isHidden) ? "At least one column must be displayed." : ""
      }
      onSave={save}
      onClose={onClose}
    />
  );
}
