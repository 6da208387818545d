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
import { RowMenuButton } from "./row-menu.js";
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

interface Tables<Row> {
  readonly tables: readonly TypeTable<Row>[];
  readonly warnings: readonly string[];
}

/** Makes the reports of all types in one run, and keeps those that tell something. */
export function useTables<Row>(
  session: Session,
  prefix: "conv" | "endpoints",
  filter: string,
  read: (part: ReportResult) => { title: string; rows: readonly Row[] },
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
        const readParts = (parts[index] ?? []).map(read);
        return {
          type: name.slice(prefix.length + 1),
          title: readParts[0]?.title ?? name,
          rows: readParts.flatMap(({ rows }) => rows),
        };
      });
      const shown = tables.filter(({ type, rows }) => rows.length > 0 || USUAL.includes(type));
      return { tables: shown, warnings };
    },
    [prefix, filter],
  );
}

export interface ByTypeProps<Row> {
  readonly session: Session;
  readonly prefix: "conv" | "endpoints";
  readonly label: string;
  readonly filter: string;
  readonly answer: Answer<Tables<Row>>;
  readonly columnsFor: (table: TypeTable<Row>, withNames: boolean) => readonly TableColumn<Row>[];
  readonly nameOf: (row: Row) => string;
  readonly itemsFor: (table: TypeTable<Row>, row: Row) => MenuItem[];
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
export function ByType<Row>(props: ByTypeProps<Row>): JSX.Element {
  const { session, prefix, label, filter, answer, columnsFor, nameOf, itemsFor } = props;
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
        const withMenu: TableColumn<Row>[] = [
          {
            title: "Actions",
            value: () => "",
            show: (row) => <RowMenuButton about={nameOf(row)} items={() => itemsFor(table, row)} />,
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
                if (chosen) setQuery({ type: chosen.type }, { replace: true });
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
                  onMenu={(event, row) => {
                    showMenu(event, itemsFor(table, row));
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
