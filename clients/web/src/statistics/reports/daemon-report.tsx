// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import type { ReportResult, StatsTreeNode } from "@dissectd/client/api";
import type { ComponentChildren, JSX } from "preact";
import { address, setQuery } from "../../app/address.js";
import { client } from "../../daemon/connection.js";
import { type CellValue, Table, type TableColumn } from "../../ui/table.js";
import { useAnswer } from "../../ui/use-answer.js";
import { choiceFor } from "../catalogue.js";
import { shownNumber } from "../numbers.js";
import { AnswerOf, FrameLink, SaveBar, Warnings } from "../report-parts.js";
import { runReports, textOf, useSessionAnswer } from "../run.js";
import { StatsTreeTable, treeColumns } from "../stats-tree.js";
import { type PlainTable, statsTreeOf, tablesOf } from "../tables-of.js";
import { argumentOf, needsArguments } from "../usage.js";
import type { ReportProps } from "./registry.js";

type Cells = readonly CellValue[];

function shownCell(title: string, value: CellValue): ComponentChildren {
  if (typeof value === "string" || typeof value === "bigint") {
    return /\bframe\b/i.test(title) && Number(value) > 0 ? (
      <FrameLink frame={Number(value)} />
    ) : (
      String(value)
    );
  }
  if (/\bframe\b/i.test(title) && value > 0) return <FrameLink frame={value} />;
  return shownNumber(value);
}

function columnsOf({ columns }: PlainTable): TableColumn<Cells>[] {
  return columns.map((title, index) => ({
    title,
    value: (row) => row[index] ?? "",
    show: (row) => shownCell(title, row[index] ?? ""),
  }));
}

/** One of the tables of a report. Two rows may be equal, so that their place names them. */
function OneTable(props: {
  readonly table: PlainTable;
  readonly label: string;
  readonly orderName: string;
}): JSX.Element {
  const { table, label, orderName } = props;
  const places = new Map(table.rows.map((row, index) => [row, index]));
  return (
    <section class="one-table">
      {table.title && <h2>{table.title}</h2>}
      {table.rows.length === 0 ? (
        <p class="pending">There are none in the capture.</p>
      ) : (
        <Table
          label={table.title || label}
          columns={columnsOf(table)}
          rows={table.rows}
          keyOf={(row) => String(places.get(row))}
          orderName={orderName}
        />
      )}
    </section>
  );
}

/** A report as tshark prints it. */
function TextOfReport({ session, report }: { session: Session; report: string }): JSX.Element {
  const answer = useSessionAnswer(
    session,
    async (signal) => (await textOf(session, report, signal)).text(),
    [report],
  );
  return (
    <AnswerOf answer={answer}>
      {(text) => (
        <pre class="report-text" tabIndex={0} aria-label="tshark's text">
          {text}
        </pre>
      )}
    </AnswerOf>
  );
}

function Tables(props: { parts: readonly ReportResult[]; label: string }): JSX.Element {
  const { parts, label } = props;
  const tree = statsTreeOf(parts);
  if (tree) return <StatsTreeTable tree={tree} label={label} />;
  return (
    <div class="table-area">
      {tablesOf(parts).map((table, index) => (
        <OneTable
          key={index}
          table={table}
          label={label}
          orderName={index === 0 ? "sort" : `sort${String(index + 1)}`}
        />
      ))}
    </div>
  );
}

function TextChoice({ isText }: { isText: boolean }): JSX.Element {
  return (
    <label>
      <input
        type="checkbox"
        checked={isText}
        onChange={({ currentTarget }) => {
          setQuery({ as: currentTarget.checked ? "text" : "" });
        }}
      />
      Show tshark's text
    </label>
  );
}

/** The buttons that save a report: as trees and tables have several shapes, one for each. */
function Save(props: {
  readonly session: Session;
  readonly report: string;
  readonly parts: readonly ReportResult[];
  readonly children: ComponentChildren;
}): JSX.Element {
  const { session, report, parts, children } = props;
  const common = { name: report.split(",", 2).join("-"), text: { session, report }, children };
  const tree = statsTreeOf(parts);
  if (tree) {
    const level: TableColumn<StatsTreeNode> = { title: "Level", value: ({ depth }) => depth };
    return <SaveBar {...common} columns={[level, ...treeColumns(tree)]} rows={tree.nodes} />;
  }
  const tables = tablesOf(parts);
  const [first] = tables;
  if (!first || tables.length === 1) {
    return <SaveBar {...common} columns={first ? columnsOf(first) : []} rows={first?.rows ?? []} />;
  }
  // Several tables become one whose first column says which one a value is of.
  const cells = tables.flatMap(({ title, columns, rows }) =>
    rows.flatMap((row, index) =>
      columns.map((column, at): Cells => [title, index + 1, column, row[at] ?? ""]),
    ),
  );
  const columns = columnsOf({ title: "", columns: ["Table", "Row", "Column", "Value"], rows: [] });
  return <SaveBar {...common} columns={columns} rows={cells} />;
}

function Report({ session, report }: { session: Session; report: string }): JSX.Element {
  const isText = address.value.query["as"] === "text";
  const label = choiceFor(report.split(",", 2).join(",")).title;
  const answer = useSessionAnswer(session, (signal) => runReports(session, [report], signal), [
    report,
  ]);
  return (
    <AnswerOf answer={answer}>
      {({ parts: [parts = []], warnings }) => {
        const isOnlyText = !statsTreeOf(parts) && tablesOf(parts).length === 0;
        return (
          <>
            <Warnings texts={warnings} />
            {isText || isOnlyText ? (
              <TextOfReport session={session} report={report} />
            ) : (
              <Tables parts={parts} label={label} />
            )}
            <Save session={session} report={report} parts={parts}>
              {!isOnlyText && <TextChoice isText={isText} />}
            </Save>
          </>
        );
      }}
    </AnswerOf>
  );
}

/** Asks for the arguments of a report that takes some besides a filter. */
function Arguments({ usage, value }: { usage: string; value: string }): JSX.Element {
  return (
    <form
      class="arguments"
      onSubmit={(event) => {
        event.preventDefault();
        const text = new FormData(event.currentTarget).get("arguments");
        setQuery({ arguments: typeof text === "string" ? text.trim() : "" });
      }}
    >
      <label>
        Arguments{" "}
        <input name="arguments" key={value} defaultValue={value} spellcheck={false} size={30} />
      </label>
      <button type="submit">Make the report</button>
      <span class="advice">{usage.replace(/^,/, "").replace("[,filter]", "")}</span>
    </form>
  );
}

/** Any report of the daemon, as its typed tables or its text. */
export function DaemonReport({ session, name, filter }: ReportProps): JSX.Element {
  const given = address.value.query["arguments"] ?? "";
  const known = useAnswer(
    (signal) => client.value.services.analysis.listReports({}, { signal }),
    [client.value],
  );
  return (
    <AnswerOf answer={known}>
      {({ reports }) => {
        const type = reports.find((report) => report.name === name);
        if (!type) return <p class="failed">The daemon has no report with the name {name}.</p>;
        const needs = needsArguments(type.usage);
        return (
          <>
            {needs !== "none" && <Arguments usage={type.usage} value={given} />}
            {(needs !== "required" || given) && (
              <Report session={session} report={argumentOf(type, given, filter)} />
            )}
          </>
        );
      }}
    </AnswerOf>
  );
}
