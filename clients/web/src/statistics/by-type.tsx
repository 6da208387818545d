// SPDX-License-Identifier: Apache-2.0

/** What conversations and endpoints have in common: a tab for each type, with a table. */
import type { Session } from "@dissectd/client";
import type { ReportResult } from "@dissectd/client/api";
import type { JSX } from "preact";
import { address, setQuery } from "../app/address.js";
import { client } from "../daemon/connection.js";
import { type MenuItem, showMenu } from "../ui/menu.js";
import { Table, type TableColumn } from "../ui/table.js";
import { Tabs } from "../ui/tabs.js";
import type { Answer } from "../ui/use-answer.js";
import { AnswerOf, SaveBar, Warnings } from "./report-parts.js";
import { filterItems, RowMenuButton } from "./row-menu.js";
import { runReports, useSessionAnswer, withFilter } from "./run.js";

// Wireshark shows these tabs even if they are empty.
const USUAL = ["eth", "ip", "ipv6", "tcp", "udp"];

// libwireshark crashes over these, which is why the daemon refuses them.
const REFUSED = ["endpoints,mptcp"];

/** The rows of a type, such as `tcp`. */
export interface TypeTable<Row> {
  readonly type: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

/** A report with a table for each type of what it counts. */
export interface TypedReport<Row> {
  /** What its names begin with: those of the daemon, and of files that are saved. */
  readonly prefix: "conv" | "endpoints";
  readonly label: string;
  /** Returns the table of a part of the result; null if it has another one. */
  readonly tableOf: (part: ReportResult) => Omit<TypeTable<Row>, "type"> | null;
  readonly columnsFor: (table: TypeTable<Row>, withNames: boolean) => readonly TableColumn<Row>[];
  readonly nameOf: (row: Row) => string;
  /** What can be done with a row besides filtering by it. */
  readonly itemsFor?: (table: TypeTable<Row>, row: Row) => MenuItem[];
}

/** A row that says by which display filter its packets are found. */
interface FilteredRow {
  readonly displayFilter: string;
}

interface Tables<Row> {
  readonly tables: readonly TypeTable<Row>[];
  readonly warnings: readonly string[];
}

/** Makes the reports of all types in one run, and keeps those that tell something. */
function useTables<Row>(
  session: Session,
  { prefix, tableOf }: TypedReport<Row>,
  filter: string,
): Answer<Tables<Row>> {
  return useSessionAnswer(
    session,
    async (signal) => {
      const { reports } = await client.value.services.analysis.listReports({}, { signal });
      const names = reports
        .map(({ name }) => name)
        .filter((name) => name.startsWith(`${prefix},`) && !REFUSED.includes(name));
      const asked = names.map((name) => withFilter(name, filter));
      const { parts, warnings } = await runReports(session, asked, signal);
      const tables = names.map((name, index): TypeTable<Row> => {
        const found = (parts[index] ?? []).map(tableOf).filter((table) => table !== null);
        return {
          type: name.slice(prefix.length + 1),
          title: found[0]?.title ?? name,
          rows: found.flatMap(({ rows }) => rows),
        };
      });
      const shown = tables.filter(({ type, rows }) => rows.length > 0 || USUAL.includes(type));
      return { tables: shown, warnings };
    },
    [prefix, filter],
  );
}

export interface ByTypeProps<Row extends FilteredRow> {
  readonly report: TypedReport<Row>;
  readonly session: Session;
  readonly filter: string;
}

function NameResolution({ isOn }: { isOn: boolean }): JSX.Element {
  return (
    <label>
      <input
        type="checkbox"
        checked={isOn}
        onChange={({ currentTarget }) => {
          setQuery({ names: currentTarget.checked ? "yes" : "" });
        }}
      />
      Name resolution
    </label>
  );
}

/** The types of conversations or endpoints as tabs, each with the number of its rows. */
export function ByType<Row extends FilteredRow>(props: ByTypeProps<Row>): JSX.Element {
  const { report, session, filter } = props;
  const { prefix, label, columnsFor, nameOf } = report;
  const answer = useTables(session, report, filter);
  const { type, names } = address.value.query;
  const withNames = names === "yes";
  return (
    <AnswerOf answer={answer}>
      {({ tables, warnings }) => {
        const table =
          tables.find((each) => each.type === type) ??
          tables.find(({ rows }) => rows.length > 0) ??
          tables[0];
        if (!table) return <p class="pending">The daemon knows no types of them.</p>;
        const titleOf = ({ title, rows }: TypeTable<Row>): string =>
          rows.length > 0 ? `${title} · ${String(rows.length)}` : title;
        const columns = columnsFor(table, withNames);
        const itemsFor = (row: Row): MenuItem[] => [
          ...(report.itemsFor?.(table, row) ?? []),
          ...filterItems(row.displayFilter),
        ];
        const withMenu: TableColumn<Row>[] = [
          {
            title: "Actions",
            value: () => "",
            show: (row) => <RowMenuButton about={nameOf(row)} items={() => itemsFor(row)} />,
          },
          ...columns,
        ];
        return (
          <>
            <Warnings texts={warnings} />
            <Tabs
              label={label}
              names={tables.map(titleOf)}
              selected={titleOf(table)}
              onSelect={(title) => {
                const chosen = tables.find((each) => titleOf(each) === title);
                if (chosen) setQuery({ type: chosen.type, sort: undefined }, { replace: true });
              }}
            >
              {table.rows.length === 0 ? (
                <p class="pending">There are none in the capture.</p>
              ) : (
                <Table
                  key={table.type}
                  label={`${label}: ${table.title}`}
                  columns={withMenu}
                  rows={table.rows}
                  keyOf={nameOf}
                  orderName="sort"
                  onMenu={(event, row) => {
                    showMenu(event, itemsFor(row));
                  }}
                />
              )}
            </Tabs>
            <SaveBar
              name={`${prefix}-${table.type}`}
              columns={columns}
              rows={table.rows}
              text={{ session, report: withFilter(`${prefix},${table.type}`, filter) }}
            >
              <NameResolution isOn={withNames} />
            </SaveBar>
          </>
        );
      }}
    </AnswerOf>
  );
}
