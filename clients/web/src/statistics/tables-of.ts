// SPDX-License-Identifier: Apache-2.0

/** Any report of the daemon as plain tables. */
import {
  type Cell,
  type IoColumn,
  IoCalculation,
  type IoTable,
  type ReportResult,
  type ResponseTimeTable,
  type SequenceDiagram,
  type StatsTreeNode,
  type TcpGraph,
  type ValueTable,
  type VoipCallTable,
} from "@dissectd/client/api";
import type { CellValue } from "../ui/table.js";
import { secondsOf } from "./numbers.js";

export interface PlainTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CellValue[])[];
}

export interface PlainTree {
  readonly title: string;
  readonly columns: readonly string[];
  readonly nodes: readonly StatsTreeNode[];
}

function cellValue({ value }: Cell): CellValue {
  if (value.case === undefined) return "";
  return value.case === "timeValue" ? secondsOf(value.value) : value.value;
}

function valueTable({ title, columns, rows }: ValueTable): PlainTable {
  return { title, columns, rows: rows.map(({ cells }) => cells.map(cellValue)) };
}

function responseTimes({ title, procedures }: ResponseTimeTable): PlainTable {
  return {
    title,
    columns: [
      "Index",
      "Procedure",
      "Calls",
      "Min SRT (s)",
      "Max SRT (s)",
      "Avg SRT (s)",
      "Sum SRT (s)",
      "Min Frame",
      "Max Frame",
    ],
    rows: procedures.map((each) => [
      each.index,
      each.name,
      each.calls,
      secondsOf(each.minimum),
      secondsOf(each.maximum),
      each.calls > 0 ? secondsOf(each.sum) / each.calls : 0,
      secondsOf(each.sum),
      each.minimumFrame,
      each.maximumFrame,
    ]),
  };
}

function ioTitles({ calculation, field, filter }: IoColumn): string[] {
  const suffix = filter && ` ${filter}`;
  if (calculation === IoCalculation.FRAMES_AND_BYTES) return [`Frames${suffix}`, `Bytes${suffix}`];
  return [`${IoCalculation[calculation]}(${field})${suffix}`];
}

function ioTable({ columns, rows }: IoTable): PlainTable {
  return {
    title: "I/O Statistics",
    columns: ["Start (s)", "End (s)", ...columns.flatMap(ioTitles)],
    rows: rows.map(({ startUs, endUs, values }) => [
      Number(startUs) / 1e6,
      Number(endUs) / 1e6,
      ...values.map(cellValue),
    ]),
  };
}

function sequence({ nodes, items }: SequenceDiagram): PlainTable {
  return {
    title: "Flow",
    columns: ["Frame", "Time", "Source", "Source port", "Destination", "Destination port"].concat(
      "Label",
      "Comment",
    ),
    rows: items.map((item) => [
      item.frameNumber,
      item.time,
      nodes[item.fromNode] ?? "",
      item.fromPort || "",
      nodes[item.toNode] ?? "",
      item.toPort || "",
      item.label,
      item.comment,
    ]),
  };
}

function segments({ segments: all }: TcpGraph): PlainTable {
  return {
    title: "TCP segments",
    columns: ["Frame", "Time", "Sender", "Sequence", "Length", "Acknowledgement", "Window"].concat(
      "RTT (s)",
    ),
    rows: all.map((each) => [
      each.frameNumber,
      secondsOf(each.time),
      each.fromServer ? "server" : "client",
      each.sequence,
      each.length,
      each.acknowledgement ?? "",
      each.window,
      each.roundTripTime ? secondsOf(each.roundTripTime) : "",
    ]),
  };
}

function calls({ calls: all }: VoipCallTable): PlainTable {
  return {
    title: "VoIP Calls",
    columns: ["Start Time", "Stop Time", "Initial Speaker", "From", "To", "Protocol"].concat(
      "Packets",
      "State",
      "Comments",
      "First Frame",
      "Last Frame",
    ),
    rows: all.map((each) => [
      secondsOf(each.start),
      secondsOf(each.stop),
      each.initialSpeaker,
      each.from,
      each.to,
      each.protocol,
      each.packets,
      each.state,
      each.comment,
      each.firstFrame,
      each.lastFrame,
    ]),
  };
}

function tablesOfPart({ table }: ReportResult): PlainTable[] {
  switch (table.case) {
    case "tables":
      return table.value.tables.map(valueTable);
    case "responseTimes":
      return table.value.tables.map(responseTimes);
    case "io":
      return [ioTable(table.value)];
    case "sequence":
      return [sequence(table.value)];
    case "tcpGraph":
      return [segments(table.value)];
    case "voipCalls":
      return [calls(table.value)];
    default:
      return [];
  }
}

function isContinued(last: PlainTable, next: PlainTable): boolean {
  return last.title === next.title && last.columns.join("\n") === next.columns.join("\n");
}

/** Returns the tables of a report, whose parts may begin in the middle of a table. */
export function tablesOf(parts: readonly ReportResult[]): PlainTable[] {
  const tables: PlainTable[] = [];
  for (const part of parts) {
    const [first, ...others] = tablesOfPart(part);
    const last = tables.at(-1);
    if (!first) continue;
    if (last && isContinued(last, first)) {
      tables[tables.length - 1] = { ...last, rows: [...last.rows, ...first.rows] };
    } else {
      tables.push(first);
    }
    tables.push(...others);
  }
  return tables;
}

/** Returns the tree of a report that is one; undefined for others. */
export function statsTreeOf(parts: readonly ReportResult[]): PlainTree | undefined {
  const trees = parts.flatMap(({ table }) => (table.case === "statsTree" ? [table.value] : []));
  const [first] = trees;
  if (!first) return undefined;
  const { title, columns } = first;
  return { title, columns, nodes: trees.flatMap(({ nodes }) => nodes) };
}
