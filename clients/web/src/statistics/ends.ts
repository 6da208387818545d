// SPDX-License-Identifier: Apache-2.0

/** The columns about the ends of traffic, and about how much of it there is. */
import type { Endpoint, Traffic } from "@dissectd/client/api";
import type { TableColumn } from "../ui/table.js";

/** Returns the address of an end, with its port if it has one. */
export function nameOfEnd(end: Endpoint | undefined): string {
  if (end?.port === undefined) return end?.address ?? "";
  return `${end.address}:${String(end.port)}`;
}

/** An end that rows have; its titles end in `suffix`. */
export interface End<Row> {
  readonly suffix: string;
  readonly of: (row: Row) => Endpoint | undefined;
}

/** Returns columns for the address of an end, and for its port if any row has one. */
export function endColumns<Row>(
  { suffix, of }: End<Row>,
  rows: readonly Row[],
  withNames: boolean,
): readonly TableColumn<Row>[] {
  const address: TableColumn<Row> = {
    title: `Address${suffix}`,
    value: (row) => (withNames ? of(row)?.resolvedName : of(row)?.address) ?? "",
  };
  const port: TableColumn<Row> = {
    title: `Port${suffix}`,
    value: (row) => (withNames ? of(row)?.portName : of(row)?.port) ?? "",
  };
  return rows.some((row) => of(row)?.port !== undefined) ? [address, port] : [address];
}

/** What rows have in one direction, and the titles of its columns. */
export interface Direction<Row> {
  readonly packets: string;
  readonly bytes: string;
  readonly of: (row: Row) => Traffic | undefined;
}

/** Returns columns for the traffic of both directions together. */
export function totalColumns<Row>(
  directions: readonly Direction<Row>[],
): readonly TableColumn<Row>[] {
  const sum = (row: Row, unit: "frames" | "bytes"): bigint =>
    directions.reduce((total, { of }) => total + (of(row)?.[unit] ?? 0n), 0n);
  return [
    { title: "Packets", value: (row) => sum(row, "frames") },
    { title: "Bytes", value: (row) => sum(row, "bytes") },
  ];
}

/** Returns columns for the traffic of each direction. */
export function directionColumns<Row>(
  directions: readonly Direction<Row>[],
): readonly TableColumn<Row>[] {
  return directions.flatMap(({ packets, bytes, of }) => [
    { title: packets, value: (row: Row) => of(row)?.frames ?? 0n },
    { title: bytes, value: (row: Row) => of(row)?.bytes ?? 0n },
  ]);
}
