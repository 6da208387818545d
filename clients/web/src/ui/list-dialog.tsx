// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { attempt } from "../app/notices.js";
import { Dialog } from "./dialog.js";

export interface ListDialogProps<Row> {
  readonly title: string;
  readonly class: string;
  /** The titles of the cells. */
  readonly headings: readonly string[];
  /** The rows at first. */
  readonly rows: readonly Row[];
  /** Returns the `<td>` elements of a row, which call `change` with another one. */
  readonly cells: (row: Row, index: number, change: (row: Row) => void) => JSX.Element;
  /** What a row is called by the buttons that move and remove it. */
  readonly nameOf: (row: Row) => string;
  readonly addLabel: string;
  /** Returns the row that is added. */
  readonly newRow: () => Row;
  /** What is said while there are no rows. */
  readonly emptyText?: string;
  /** Returns why the rows can't be saved; an empty text if they can. */
  readonly faultOf?: (rows: readonly Row[]) => string;
  /** Saves the rows, and returns whether they were right. */
  readonly onSave: (rows: readonly Row[]) => boolean | Promise<boolean>;
  readonly onClose: () => void;
}

interface Focus {
  readonly row: number;
  readonly wanted: "input" | "up" | "down";
}

/** Puts the cursor where one goes on; a button at the end of its way has the other one beside. */
function focusIn(body: HTMLTableSectionElement, { row, wanted }: Focus): void {
  const place = body.rows[row];
  const first = wanted === "input" ? "input:not([type=checkbox])" : `.${wanted}:enabled`;
  const found = place?.querySelector<HTMLElement>(first) ?? place?.querySelector(".move:enabled");
  if (found instanceof HTMLElement) found.focus();
}

interface ActionsProps {
  readonly name: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}

function Actions({ name, isFirst, isLast, onMove, onRemove }: ActionsProps): JSX.Element {
  return (
    <td class="actions">
      <button
        type="button"
        class="move up"
        aria-label={`Move ${name} up`}
        disabled={isFirst}
        onClick={() => {
          onMove(-1);
        }}
      >
        ↑
      </button>
      <button
        type="button"
        class="move down"
        aria-label={`Move ${name} down`}
        disabled={isLast}
        onClick={() => {
          onMove(1);
        }}
      >
        ↓
      </button>
      <button type="button" aria-label={`Remove ${name}`} onClick={onRemove}>
        −
      </button>
    </td>
  );
}

/** A dialog in which a list is edited: rows are changed, moved, added and removed. */
export function ListDialog<Row>(props: ListDialogProps<Row>): JSX.Element {
  const { title, headings, cells, nameOf, addLabel, newRow, emptyText, onSave, onClose } = props;
  const [rows, setRows] = useState(props.rows);
  const body = useRef<HTMLTableSectionElement>(null);
  const focus = useRef<Focus | undefined>(undefined);
  const fault = props.faultOf?.(rows) ?? "";

  useLayoutEffect(() => {
    if (focus.current && body.current) focusIn(body.current, focus.current);
    focus.current = undefined;
  }, [rows]);

  function move(index: number, by: 1 | -1): void {
    const row = rows[index];
    if (row === undefined) return;
    focus.current = { row: index + by, wanted: by < 0 ? "up" : "down" };
    setRows(rows.toSpliced(index, 1).toSpliced(index + by, 0, row));
  }

  function add(): void {
    focus.current = { row: rows.length, wanted: "input" };
    setRows([...rows, newRow()]);
  }

  async function save(): Promise<void> {
    if (await onSave(rows)) onClose();
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class={`list-dialog ${props.class}`}
        onSubmit={(event) => {
          event.preventDefault();
          attempt(save);
        }}
      >
        {rows.length === 0 && <p>{emptyText}</p>}
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
          <tbody ref={body}>
            {rows.map((row, index) => (
              <tr key={index}>
                {cells(row, index, (changed) => {
                  setRows(rows.with(index, changed));
                })}
                <Actions
                  name={nameOf(row)}
                  isFirst={index === 0}
                  isLast={index === rows.length - 1}
                  onMove={(by) => {
                    move(index, by);
                  }}
                  onRemove={() => {
                    setRows(rows.toSpliced(index, 1));
                  }}
                />
              </tr>
            ))}
          </tbody>
        </table>
        {fault && <p role="alert">{fault}</p>}
        <footer>
          <button type="button" onClick={add}>
            {addLabel}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" disabled={fault !== ""}>
            Save
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
