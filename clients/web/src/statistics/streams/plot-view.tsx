// SPDX-License-Identifier: Apache-2.0

/** A plot as a chart or as a table, and the buttons that save it. */
import type { JSX, RefObject } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { address, setQuery } from "../../app/address.js";
import { attempt } from "../../app/notices.js";
import { Chart, pictureOf } from "../../ui/chart.js";
import { download } from "../../ui/download.js";
import { Table, type TableColumn } from "../../ui/table.js";
import { goToFrame } from "../../app/capture-links.js";
import { fileNameFor, FrameLink, SaveBar } from "../report-parts.js";
import { align, type Plot, pointText } from "./plot.js";

function PlotChart({ plot, label }: { plot: Plot; label: string }): JSX.Element {
  const { data, series } = useMemo(() => align(plot), [plot]);
  return (
    <Chart
      label={label}
      series={series}
      data={data}
      xLabel="Time (s)"
      yLabel={plot.yLabel}
      nearest="point"
      describe={({ index }) => pointText(plot, index)}
      onPoint={(index) => {
        const point = plot.points[index];
        if (point) goToFrame(point.frame);
      }}
    />
  );
}

/** The columns with links to the frames in the one that has their numbers. */
function linked<Row extends { readonly frame: number }>(
  columns: readonly TableColumn<Row>[],
): TableColumn<Row>[] {
  return columns.map((column) =>
    ["Frame", "Packet"].includes(column.title)
      ? { ...column, show: ({ frame }): JSX.Element => <FrameLink frame={frame} /> }
      : column,
  );
}

function PictureButton(props: { name: string; area: RefObject<HTMLElement> }): JSX.Element {
  const { name, area } = props;
  return (
    <button
      type="button"
      onClick={() => {
        attempt(async () => {
          if (area.current) download(fileNameFor(name, "png"), await pictureOf(area.current));
        });
      }}
    >
      Save as picture
    </button>
  );
}

function TableChoice({ isTable }: { isTable: boolean }): JSX.Element {
  return (
    <label>
      <input
        type="checkbox"
        checked={isTable}
        onChange={({ currentTarget }) => {
          setQuery({ as: currentTarget.checked ? "table" : "" }, { replace: true });
        }}
      />
      Show as table
    </label>
  );
}

export interface PlotViewProps<Row> {
  readonly plot: Plot;
  /** The table that says what the plot shows. */
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  /** What the plot shows, for screen readers. */
  readonly label: string;
  /** What the files are called after. */
  readonly name: string;
  /** What is said instead if there is nothing to show. */
  readonly emptyText: string;
}

/** A plot, as a chart or, if the address says so, as a table. */
export function PlotView<Row extends { readonly frame: number }>(
  props: PlotViewProps<Row>,
): JSX.Element {
  const { plot, columns, rows, label, name, emptyText } = props;
  const area = useRef<HTMLDivElement>(null);
  const isTable = address.value.query["as"] === "table";
  const places = useMemo(() => new Map(rows.map((row, index) => [row, index])), [rows]);
  const isEmpty = plot.points.length === 0;
  return (
    <>
      {isEmpty ? (
        <p class="pending">{emptyText}</p>
      ) : isTable ? (
        <div class="table-area">
          <Table
            label={label}
            columns={linked(columns)}
            rows={rows}
            keyOf={(row) => String(places.get(row))}
          />
        </div>
      ) : (
        <div ref={area} class="plot">
          <PlotChart plot={plot} label={label} />
        </div>
      )}
      <SaveBar name={name} columns={columns} rows={rows}>
        {!isTable && !isEmpty && <PictureButton name={name} area={area} />}
        <TableChoice isTable={isTable} />
      </SaveBar>
    </>
  );
}
