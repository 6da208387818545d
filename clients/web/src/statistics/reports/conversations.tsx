// SPDX-License-Identifier: Apache-2.0

import type { Conversation, Traffic } from "@dissectd/client/api";
import type { JSX } from "preact";
import { reportItem } from "../../app/capture-links.js";
import type { MenuItem } from "../../ui/menu.js";
import type { TableColumn } from "../../ui/table.js";
import { ByType, type TypedReport } from "../by-type.js";
import { type Direction, directionColumns, endColumns, nameOfEnd, totalColumns } from "../ends.js";
import { bitRate, secondsOf, shownRate } from "../numbers.js";
import type { ReportProps } from "./registry.js";

// The types whose streams can be followed.
const FOLLOWED = ["tcp", "udp", "dccp"];

const DIRECTIONS: readonly Direction<Conversation>[] = [
  { packets: "Packets A → B", bytes: "Bytes A → B", of: ({ aToB }) => aToB },
  { packets: "Packets B → A", bytes: "Bytes B → A", of: ({ bToA }) => bToA },
];

function rateColumn(
  title: string,
  of: (row: Conversation) => Traffic | undefined,
): TableColumn<Conversation> {
  const rate = (row: Conversation): number =>
    bitRate(of(row)?.bytes ?? 0n, secondsOf(row.duration));
  return { title, value: rate, show: (row) => shownRate(rate(row)) };
}

const STREAM: TableColumn<Conversation> = { title: "Stream ID", value: (row) => row.stream ?? "" };

const TIME_COLUMNS: readonly TableColumn<Conversation>[] = [
  {
    title: "Rel Start",
    value: ({ start }) => secondsOf(start),
    show: ({ start }) => secondsOf(start).toFixed(6),
  },
  {
    title: "Duration",
    value: ({ duration }) => secondsOf(duration),
    show: ({ duration }) => secondsOf(duration).toFixed(4),
  },
  rateColumn("Bits/s A → B", ({ aToB }) => aToB),
  rateColumn("Bits/s B → A", ({ bToA }) => bToA),
];

function streamItems(type: string, row: Conversation): MenuItem[] {
  if (row.stream === undefined || !FOLLOWED.includes(type)) return [];
  const stream = String(row.stream);
  return [
    reportItem("Follow Stream…", { report: "follow", follower: type, stream }),
    ...(type === "tcp" ? [reportItem("Graph…", { report: "tcp-graphs", stream })] : []),
  ];
}

const CONVERSATIONS: TypedReport<Conversation> = {
  prefix: "conv",
  label: "Conversations",
  tableOf: ({ table }) =>
    table.case === "conversations"
      ? { title: table.value.title, rows: table.value.conversations }
      : null,
  columnsFor: ({ rows }, withNames) => [
    ...endColumns({ suffix: " A", of: ({ a }) => a }, rows, withNames),
    ...endColumns({ suffix: " B", of: ({ b }) => b }, rows, withNames),
    ...totalColumns(DIRECTIONS),
    ...(rows.some(({ stream }) => stream !== undefined) ? [STREAM] : []),
    ...directionColumns(DIRECTIONS),
    ...TIME_COLUMNS,
  ],
  nameOf: ({ a, b }) => `${nameOfEnd(a)} ↔ ${nameOfEnd(b)}`,
  itemsFor: ({ type }, row) => streamItems(type, row),
};

/** Statistics > Conversations. */
export function ConversationsReport({ session, filter }: ReportProps): JSX.Element {
  return <ByType report={CONVERSATIONS} session={session} filter={filter} />;
}
