// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { attempt } from "../app/notices.js";
import { belowButton } from "../filter/below.js";
import "../style/columns.css";
import { columnOf, type PacketColumn } from "./column-format.js";
import { showColumnMenu } from "./column-menu.js";
import { ColumnPreferences } from "./column-preferences.js";
import {
  addFieldColumn,
  columns,
  FIELD_TYPE,
  followColumns,
  gridTemplate,
  moveColumn,
  resizeColumn,
  type SortOrder,
  sortBy,
  sortOrder,
  triedWidth,
} from "./columns.js";

const COLUMN_TYPE = "application/x-dissectd-column";

export interface ColumnHeaderProps {
  /** How far the list below has been scrolled to the right, in pixels. */
  readonly scrollLeft?: number;
  /** Whether a click sorts; otherwise it opens the menu. */
  readonly isSortable?: boolean;
}

interface CellProps {
  readonly column: PacketColumn;
  readonly index: number;
  readonly isSortable: boolean;
  readonly onPreferences: (column?: PacketColumn) => void;
}

function directionOf(
  order: SortOrder | undefined,
  index: number,
): "ascending" | "descending" | "none" {
  if (order?.column !== index) return "none";
  return order.isDescending ? "descending" : "ascending";
}

function isWanted(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? [];
  return types.includes(FIELD_TYPE) || types.includes(COLUMN_TYPE);
}

/** Moves the column that is dropped to this one, or adds one for the field before it. */
function drop(event: DragEvent, before?: PacketColumn): void {
  event.preventDefault();
  event.stopPropagation();
  const field = event.dataTransfer?.getData(FIELD_TYPE);
  const dragged = columns.peek()[Number(event.dataTransfer?.getData(COLUMN_TYPE) || Number.NaN)];
  if (field) attempt(() => addFieldColumn(field, before));
  else if (dragged && before && dragged !== before) moveColumn(dragged, before);
}

/** The edge of a column, which the mouse moves; a double click gives the usual width. */
function Edge({ column }: { readonly column: PacketColumn }): JSX.Element {
  return (
    <span
      class="column-edge"
      aria-hidden="true"
      onPointerDown={(event) => {
        // No text is selected meanwhile.
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={({ currentTarget: edge, clientX, pointerId }) => {
        const area = edge.parentElement?.getBoundingClientRect();
        if (!area || !edge.hasPointerCapture(pointerId)) return;
        triedWidth.value = { column, width: Math.round(clientX - area.left) };
      }}
      onPointerUp={() => {
        if (triedWidth.value) resizeColumn(column, triedWidth.value.width);
      }}
      onDblClick={() => {
        resizeColumn(column, columnOf({ format: column.format, fields: column.fields }).width);
      }}
    />
  );
}

function Cell({ column, index, isSortable, onPreferences }: CellProps): JSX.Element {
  const [isTarget, setTarget] = useState(false);
  return (
    <div
      class={`column-heading ${column.alignment}${isTarget ? " target" : ""}`}
      role="columnheader"
      aria-sort={isSortable ? directionOf(sortOrder.value, index) : undefined}
      onDragOver={(event) => {
        if (!isWanted(event)) return;
        event.preventDefault();
        setTarget(true);
      }}
      onDragLeave={() => {
        setTarget(false);
      }}
      onDrop={(event) => {
        setTarget(false);
        drop(event, column);
      }}
      onContextMenu={(event) => {
        showColumnMenu(event, column, onPreferences);
      }}
    >
      <div
        role="presentation"
        draggable
        onDragStart={({ dataTransfer }) => {
          dataTransfer?.setData(COLUMN_TYPE, String(index));
        }}
      >
        <button
          type="button"
          title={column.fields || column.title}
          onClick={(event) => {
            if (isSortable) sortBy(index);
            else showColumnMenu(belowButton(event), column, onPreferences);
          }}
        >
          {column.title}
        </button>
      </div>
      <Edge column={column} />
    </div>
  );
}

/**
 * The headings of the packet list. A click sorts, a right click opens Wireshark's menu, and
 * a field of the details that is dropped here becomes a column.
 */
export function ColumnHeader(props: ColumnHeaderProps): JSX.Element {
  const { scrollLeft = 0, isSortable = true } = props;
  const [edited, setEdited] = useState<{ readonly column?: PacketColumn } | undefined>(undefined);
  useEffect(followColumns, []);
  return (
    <>
      <div
        class="column-header"
        role="table"
        aria-label="Columns"
        onDragOver={(event) => {
          if (isWanted(event)) event.preventDefault();
        }}
        onDrop={drop}
      >
        <div
          role="row"
          style={{
            gridTemplateColumns: gridTemplate.value,
            transform: `translateX(${String(-scrollLeft)}px)`,
          }}
        >
          {columns.value.map((column, index) => (
            <Cell
              key={index}
              column={column}
              index={index}
              isSortable={isSortable}
              onPreferences={(chosen) => {
                setEdited(chosen ? { column: chosen } : {});
              }}
            />
          ))}
        </div>
      </div>
      {edited && (
        <ColumnPreferences
          {...edited}
          onClose={() => {
            setEdited(undefined);
          }}
        />
      )}
    </>
  );
}
