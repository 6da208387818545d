// SPDX-License-Identifier: Apache-2.0

import type { Conversation, Endpoint, ReportResult } from "@dissectd/client/api";
import type { JSX } from "preact";
import { address, navigate } from "../../app/address.js";
import type { MenuItem } from "../../ui/menu.js";
import type { TableColumn } from "../../ui/table.js";
import { ByType, type TypeTable, useTables } from "../by-type.js";
import { bitRate, secondsOf, shownRate } from "../numbers.js";
import { filterItems } from "../row-menu.js";
import type { ReportProps } from "./registry.js";

// The types whose streams can be followed.
const FOLLOWED = ["tcp", "udp", "dccp"];

function rowsOf({ table }: ReportResult): { title: string; rows: readonly Conversation[] } {
  return table.case === "conversations"
    ? { title: table.value.title, rows: table.value.conversations }
    : { title: "", rows: [] };
}

function addressOf(endpoint: Endpoint | undefined, withNames: boolean): string {
  return (withNames ? endpoint?.resolvedName : endpoint?.address) ?? "";
}

function portOf(endpoint: Endpoint | undefined, withNames: boolean): string | number {
  return (withNames ? endpoint?.portName : endpoint?.port) ?? "";
}

function nameOf({ a, b }: Conversation): string {
  const [from, to] = [a, b].map((end) =>
    end?.port === undefined ? end?.address : `${end.address}:${String(end.port)}`,
  );
  return `${from ?? ""} ↔ ${to ?? ""}`;
}

function endColumns(withNames: boolean, withPorts: boolean): TableColumn<Conversation>[] {
  const all: (TableColumn<Conversation> & { isPort?: true })[] = [
    { title: "Address A", value: ({ a }) => addressOf(a, withNames) },
    { title: "Port A", value: ({ a }) => portOf(a, withNames), isPort: true },
    { title: "Address B", value: ({ b }) => addressOf(b, withNames) },
    { title: "Port B", value: ({ b }) => portOf(b, withNames), isPort: true },
  ];
  return all.filter(({ isPort }) => withPorts || !isPort);
}

function columnsFor(
  { rows }: TypeTable<Conversation>,
  withNames: boolean,
): readonly TableColumn<Conversation>[] {
  const hasPorts = rows.some(({ a }) => a?.port !== undefined);
  const hasStreams = rows.some(({ stream }) => stream !== undefined);
  const rateAToB = ({ aToB, duration }: Conversation): number =>
    bitRate(aToB?.bytes ?? 0n, secondsOf(duration));
  const rateBToA = ({ bToA, duration }: Conversation): number =>
    bitRate(bToA?.bytes ?? 0n, secondsOf(duration));
  const stream: TableColumn<Conversation> = {
    title: "Stream ID",
    value: (row) => row.stream ?? "",
  };
  return [
    ...endColumns(withNames, hasPorts),
    { title: "Packets", value: ({ aToB, bToA }) => (aToB?.frames ?? 0n) + (bToA?.frames ?? 0n) },
    { title: "Bytes", value: ({ aToB, bToA }) => (aToB?.bytes ?? 0n) + (bToA?.bytes ?? 0n) },
    ...(hasStreams ? [stream] : []),
    { title: "Packets A → B", value: ({ aToB }) => aToB?.frames ?? 0n },
    { title: "Bytes A → B", value: ({ aToB }) => aToB?.bytes ?? 0n },
    { title: "Packets B → A", value: ({ bToA }) => bToA?.frames ?? 0n },
    { title: "Bytes B → A", value: ({ bToA }) => bToA?.bytes ?? 0n },
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
    { title: "Bits/s A → B", value: rateAToB, show: (row) => shownRate(rateAToB(row)) },
    { title: "Bits/s B → A", value: rateBToA, show: (row) => shownRate(rateBToA(row)) },
  ];
}

function streamItem(label: string, query: Readonly<Record<string, string>>): MenuItem {
  return {
    label,
    action: (): void => {
      const { source, query: shown } = address.value;
      const { filter = "" } = shown;
      navigate({ view: "statistics", source, query: { ...query, filter } });
    },
  };
}

function streamItems(type: string, row: Conversation): MenuItem[] {
  if (row.stream === undefined || !FOLLOWED.includes(type)) return [];
  const stream = String(row.stream);
  return [
    streamItem("Follow Stream…", { report: "follow", follower: type, stream }),
    ...(type === "tcp" ? [streamItem("Graph…", { report: "tcp-graphs", stream })] : []),
  ];
}

/** Statistics > Conversations. */
export function ConversationsReport({ session, filter }: ReportProps): JSX.Element {
  const answer = useTables(session, "conv", filter, rowsOf);
  return (
    <ByType
      session={session}
      prefix="conv"
      label="Conversations"
      filter={filter}
      answer={answer}
      columnsFor={columnsFor}
      nameOf={nameOf}
      itemsFor={({ type }, row) => [...streamItems(type, row), ...filterItems(row.displayFilter)]}
    />
  );
}
