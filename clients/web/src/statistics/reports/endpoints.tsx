// SPDX-License-Identifier: Apache-2.0

import type { EndpointTraffic, GeoLocation } from "@dissectd/client/api";
import type { JSX } from "preact";
import type { CellValue, TableColumn } from "../../ui/table.js";
import { ByType, type TypedReport } from "../by-type.js";
import { type Direction, directionColumns, endColumns, nameOfEnd, totalColumns } from "../ends.js";
import type { ReportProps } from "./registry.js";

const DIRECTIONS: readonly Direction<EndpointTraffic>[] = [
  { packets: "Tx Packets", bytes: "Tx Bytes", of: ({ sent }) => sent },
  { packets: "Rx Packets", bytes: "Rx Bytes", of: ({ received }) => received },
];

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

const ENDPOINTS: TypedReport<EndpointTraffic> = {
  prefix: "endpoints",
  label: "Endpoints",
  tableOf: ({ table }) =>
    table.case === "endpoints" ? { title: table.value.title, rows: table.value.endpoints } : null,
  columnsFor: ({ rows }, withNames) => [
    ...endColumns({ suffix: "", of: ({ endpoint }) => endpoint }, rows, withNames),
    ...totalColumns(DIRECTIONS),
    ...directionColumns(DIRECTIONS),
    ...(rows.some(({ endpoint }) => endpoint?.location) ? PLACE_COLUMNS : []),
  ],
  nameOf: ({ endpoint }) => nameOfEnd(endpoint),
};

/** Statistics > Endpoints. */
export function EndpointsReport({ session, filter }: ReportProps): JSX.Element {
  return <ByType report={ENDPOINTS} session={session} filter={filter} />;
}
