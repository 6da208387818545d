// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import { type ExpertEntry, ExpertGroup, Severity } from "@dissectd/client/api";
import type { JSX } from "preact";
import { address, setQuery } from "../../app/address.js";
import { combine } from "../../filter/combine.js";
import { showMenu } from "../../ui/menu.js";
import { Table, type TableColumn } from "../../ui/table.js";
import { AnswerOf, FrameLink, SaveBar, Warnings } from "../report-parts.js";
import { filterItems, RowMenuButton } from "../row-menu.js";
import { runReports, useSessionAnswer, withFilter } from "../run.js";
import type { ReportProps } from "./registry.js";

const SEVERITIES = [
  { name: "Error", value: Severity.ERROR },
  { name: "Warning", value: Severity.WARNING },
  { name: "Note", value: Severity.NOTE },
  { name: "Chat", value: Severity.CHAT },
  { name: "Comment", value: Severity.COMMENT },
] as const;

const MOST_FRAMES = 100;

function severityName({ severity }: ExpertEntry): string {
  return SEVERITIES.find(({ value }) => value === severity)?.name ?? "Unknown";
}

function groupName({ group }: ExpertEntry): string {
  const name = ExpertGroup[group].replaceAll("_", " ").toLowerCase();
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Returns the text as a string of the display filter language. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function filterFor({ summary }: ExpertEntry): string {
  return `_ws.expert.message == ${quoted(summary)}`;
}

function keyOf({ severity, group, protocol, summary }: ExpertEntry): string {
  return [severity, group, protocol, summary].join("/");
}

const COLUMNS: readonly TableColumn<ExpertEntry>[] = [
  {
    title: "Severity",
    value: severityName,
    show: (entry) => (
      <span class={`severity ${severityName(entry).toLowerCase()}`}>{severityName(entry)}</span>
    ),
  },
  { title: "Summary", value: ({ summary }) => summary },
  { title: "Group", value: groupName },
  { title: "Protocol", value: ({ protocol }) => protocol },
  { title: "Count", value: ({ frequency }) => frequency },
  {
    title: "First Packet",
    value: ({ firstFrame }) => firstFrame,
    show: ({ firstFrame }) => <FrameLink frame={firstFrame} />,
  },
];

/** The packets with one expert information, as those below a line of Wireshark's. */
function Packets(props: {
  readonly session: Session;
  readonly entry: ExpertEntry;
  readonly filter: string;
}): JSX.Element {
  const { session, entry, filter } = props;
  const within = combine(filter, filterFor(entry), "… and Selected");
  const answer = useSessionAnswer(
    session,
    () => session.page({ filter: within, columns: ["info"], limit: MOST_FRAMES }),
    [within],
  );
  return (
    <section class="expert-packets" aria-label={`Packets: ${entry.summary}`}>
      <h2>{entry.summary}</h2>
      <AnswerOf answer={answer}>
        {({ frames, total }) => (
          <>
            <ul>
              {frames.map(({ number, columns }) => (
                <li key={number}>
                  <FrameLink frame={number} /> {columns[0]}
                </li>
              ))}
            </ul>
            {total > MOST_FRAMES && (
              <p class="pending">
                These are the first {MOST_FRAMES} of {total} packets; apply the line as filter for
                all.
              </p>
            )}
          </>
        )}
      </AnswerOf>
    </section>
  );
}

function SeverityChoice(props: { counts: ReadonlyMap<Severity, number> }): JSX.Element {
  const hidden = (address.value.query["hide"] ?? "").split(".");
  return (
    <fieldset class="severities">
      <legend>Show</legend>
      {SEVERITIES.map(({ name, value }) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={!hidden.includes(name)}
            onChange={({ currentTarget }) => {
              const others = hidden.filter((other) => other && other !== name);
              const next = currentTarget.checked ? others : [...others, name];
              setQuery({ hide: next.join(".") }, { replace: true });
            }}
          />
          {name} ({props.counts.get(value) ?? 0})
        </label>
      ))}
    </fieldset>
  );
}

function countsOf(entries: readonly ExpertEntry[]): Map<Severity, number> {
  const counts = new Map<Severity, number>();
  for (const { severity, frequency } of entries) {
    counts.set(severity, (counts.get(severity) ?? 0) + frequency);
  }
  return counts;
}

/** Analyze > Expert Information. */
export function ExpertReport({ session, filter }: ReportProps): JSX.Element {
  const report = withFilter("expert", filter);
  const open = (entry: ExpertEntry): void => {
    setQuery({ entry: keyOf(entry) }, { replace: true });
  };
  const answer = useSessionAnswer(
    session,
    async (signal) => {
      const { parts, warnings } = await runReports(session, [report], signal);
      const entries = (parts[0] ?? []).flatMap(({ table }) =>
        table.case === "expert" ? table.value.entries : [],
      );
      return { entries, warnings };
    },
    [report],
  );
  const actions: TableColumn<ExpertEntry> = {
    title: "Actions",
    value: () => "",
    show: (entry) => (
      <>
        <button
          type="button"
          class="row-menu"
          aria-label={`Show the packets with: ${entry.summary}`}
          onClick={() => {
            open(entry);
          }}
        >
          ☰
        </button>
        <RowMenuButton about={entry.summary} items={() => filterItems(filterFor(entry))} />
      </>
    ),
  };
  const hidden = (address.value.query["hide"] ?? "").split(".");
  return (
    <AnswerOf answer={answer}>
      {({ entries, warnings }) => {
        const opened = entries.find((entry) => keyOf(entry) === address.value.query["entry"]);
        const rows = entries.filter((entry) => !hidden.includes(severityName(entry)));
        return (
          <>
            <Warnings texts={warnings} />
            <SeverityChoice counts={countsOf(entries)} />
            <div class="table-area">
              {rows.length === 0 ? (
                <p class="pending">There is no expert information of these severities.</p>
              ) : (
                <Table
                  label="Expert Information"
                  columns={[...COLUMNS, actions]}
                  rows={rows}
                  keyOf={keyOf}
                  orderName="sort"
                  onOpen={open}
                  onMenu={(event, entry) => {
                    showMenu(event, filterItems(filterFor(entry)));
                  }}
                />
              )}
            </div>
            {opened && <Packets session={session} entry={opened} filter={filter} />}
            <SaveBar name="expert" columns={COLUMNS} rows={rows} text={{ session, report }} />
          </>
        );
      }}
    </AnswerOf>
  );
}
