// SPDX-License-Identifier: Apache-2.0

/** What all reports have: their state, what to know about them, and buttons that save them. */
import type { Session } from "@dissectd/client";
import type { ComponentChildren, JSX } from "preact";
import { attempt } from "../app/notices.js";
import { address, formatAddress } from "../app/address.js";
import { addressOfFrame } from "../app/capture-links.js";
import { explain, type Explanation, isFilterError } from "../daemon/errors.js";
import { csvOf, download, jsonOf } from "../ui/download.js";
import type { TableColumn } from "../ui/table.js";
import type { Answer } from "../ui/use-answer.js";
import { textOf } from "./run.js";

// The input of the filter says what is wrong with it.
function explained(error: unknown): Explanation {
  if (!isFilterError(error)) return explain(error);
  return { message: "There is no report.", advice: "Correct the display filter above." };
}

/** Shows an answer once it is there, and until then why it isn't. */
export function AnswerOf<Value>(props: {
  readonly answer: Answer<Value>;
  readonly children: (value: Value) => ComponentChildren;
}): JSX.Element {
  const { value, error, isPending } = props.answer;
  if (value !== undefined) {
    return (
      <div class="answer" aria-busy={isPending}>
        {props.children(value)}
      </div>
    );
  }
  if (isPending) return <p class="pending">The daemon makes the report …</p>;
  const { message, advice } = explained(error);
  return (
    <p class="failed" role="alert">
      {message} <span class="advice">{advice}</span>
    </p>
  );
}

export function Warnings({ texts }: { texts: readonly string[] }): JSX.Element | null {
  if (texts.length === 0) return null;
  return (
    <div class="warnings" role="status">
      {texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  );
}

/** Returns a name for a file with something about the capture. */
export function fileNameFor(what: string, extension: string): string {
  const capture = address.value.source.split("/").at(-1) ?? "capture";
  return `${capture}-${what.replaceAll(/[^\w.-]+/g, "-")}.${extension}`;
}

export interface SaveBarProps<Row> {
  /** What the files are called after. */
  readonly name: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  /** The report whose text tshark prints, if there is one. */
  readonly text?: { readonly session: Session; readonly report: string };
  /** Other things that can be done with the report. */
  readonly children?: ComponentChildren;
}

/** The buttons below a report. */
export function SaveBar<Row>(props: SaveBarProps<Row>): JSX.Element {
  const { name, columns, rows, text, children } = props;
  function save(content: string, extension: string, type: string): void {
    download(fileNameFor(name, extension), new Blob([content], { type }));
  }
  return (
    <footer class="report-actions">
      <button
        type="button"
        onClick={() => {
          save(csvOf(columns, rows), "csv", "text/csv");
        }}
      >
        Save as CSV
      </button>
      <button
        type="button"
        onClick={() => {
          save(jsonOf(columns, rows), "json", "application/json");
        }}
      >
        Save as JSON
      </button>
      {text && (
        <button
          type="button"
          onClick={() => {
            attempt(async () => {
              download(fileNameFor(name, "txt"), await textOf(text.session, text.report));
            });
          }}
        >
          Save as text
        </button>
      )}
      {children}
    </footer>
  );
}

/** A link to a frame in the packet list. */
export function FrameLink({ frame }: { frame: number }): JSX.Element {
  return <a href={formatAddress(addressOfFrame(frame))}>{frame}</a>;
}
