// SPDX-License-Identifier: Apache-2.0

import type { EndpointTraffic, GeoLocation, ReportResult } from "@dissectd/client/api";
import type { JSX } from "preact";
import type { CellValue, TableColumn } from "../../ui/table.js";
import { ByType, type TypeTable, useTables } from "../by-type.js";
import { filterItems } from "../row-menu.js";
import type { ReportProps } from "./registry.js";

function rowsOf({ table }: ReportResult): { title: string; rows: readonly EndpointTraffic[] } {
  return table.case === "endpoints"
    ? { title: table.value.title, rows: table.value.endpoints }
    : { title: "", rows: [] };
}

function nameOf({ endpoint }: EndpointTraffic): string {
  if (endpoint?.port === undefined) return endpoint?.address ?? "";
  return `${endpoint.address}:${String(endpoint.port)}`;
}

function place(
  title: string,
  read: (location: GeoLocation) => CellValue,
): TableColumn<EndpointTraffic> {
  return { title, value: ({ endpoint }) => (endpoint?.location ? read(endpoint.location) : "") };
}

const PLACE_COLUMNS = [
  place("Country", ({ country }) => country),
  place("City", ({ city }) => city),
  place("AS Number", ({ asNumber }) => asNumber || ""),
  place("AS Organization", ({ asOrganization }) => asOrganization),
];

function columnsFor(
  { rows }: TypeTable<EndpointTraffic>,
  withNames: boolean,
): readonly TableColumn<EndpointTraffic>[] {
  const hasPorts = rows.some(({ endpoint }) => endpoint?.port !== undefined);
  const hasPlaces = rows.some(({ endpoint }) => endpoint?.location !== undefined);
  const port: TableColumn<EndpointTraffic> = {
    title: "Port",
    value: ({ endpoint }) => (withNames ? endpoint?.portName : endpoint?.port) ?? "",
  };
  return [
    {
      title: "Address",
      value: ({ endpoint }) => (withNames ? endpoint?.resolvedName : endpoint?.address) ?? "",
    },
    ...(hasPorts ? [port] : []),
    {
      title: "Packets",
      value: ({ sent, received }) => (sent?.frames ?? 0n) + (received?.frames ?? 0n),
    },
    {
      title: "Bytes",
      value: ({ sent, received }) => (sent?.bytes ?? 0n) + (received?.bytes ?? 0n),
    },
    { title: "Tx Packets", value: ({ sent }) => sent?.frames ?? 0n },
    { title: "Tx Bytes", value: ({ sent }) => sent?.bytes ?? 0n },
    { title: "Rx Packets", value: ({ received }) => received?.frames ?? 0n },
    { title: "Rx Bytes", value: ({ received }) => received?.bytes ?? 0n },
    ...(hasPlaces ? PLACE_COLUMNS : []),
  ];
}

/** Statistics > Endpoints. */
export function EndpointsReport({ session, filter }: ReportProps): JSX.Element {
  const answer = useTables(session, "endpoints", filter, rowsOf);
  return (
    <ByType
      session={session}
      prefix="endpoints"
      label="Endpoints"
      filter={filter}
      answer={answer}
      columnsFor={columnsFor}
      nameOf={nameOf}
      itemsFor={(_table, row) => filterItems(row.displayFilter)}
    />
  );
}
