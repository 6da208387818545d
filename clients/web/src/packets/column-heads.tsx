// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import type { ColumnDefinition } from "@dissectd/client/api";
import { gridColumns, setWidth, widthOf } from "./column-widths.js";
import { columns } from "./frame-list.js";
import { sortBy, sortColumn } from "./place.js";

const STEP = 16;

/** The edge of a column, which is dragged, or moved by the arrow keys. */
function Edge({ column }: { readonly column: ColumnDefinition }): JSX.Element {
  return (
    <span
      class="column-edge"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Width of ${column.title}`}
      aria-valuenow={widthOf(column)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={({ currentTarget, pointerId, clientX }) => {
        if (!currentTarget.hasPointerCapture(pointerId)) return;
        const left = currentTarget.parentElement?.getBoundingClientRect().left ?? 0;
        setWidth(column, clientX - left);
      }}
      onKeyDown={({ key }) => {
        if (key === "ArrowLeft") setWidth(column, widthOf(column) - STEP);
        if (key === "ArrowRight") setWidth(column, widthOf(column) + STEP);
      }}
    />
  );
}

function arrowOf(position: number): string {
  if (Math.abs(sortColumn.value) !== position) return "";
  return sortColumn.value > 0 ? " ▲" : " ▼";
}

/** The titles of the columns, which sort the list by a click. */
export function ColumnHeads(): JSX.Element {
  const shown = columns.value;
  return (
    <div
      class="column-heads"
      role="group"
      aria-label="Columns"
      style={{ gridTemplateColumns: gridColumns(shown) }}
    >
      {shown.map((column, index) => (
        <span key={index} class="column-head">
          <button
            type="button"
            title={`Sort by ${column.title}`}
            aria-pressed={Math.abs(sortColumn.value) === index + 1}
            onClick={() => {
              sortBy(index + 1);
            }}
          >
            {column.title}
            {arrowOf(index + 1)}
          </button>
          {index < shown.length - 1 && <Edge column={column} />}
        </span>
      ))}
    </div>
  );
}
