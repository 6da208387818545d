// SPDX-License-Identifier: Apache-2.0

/** A plot as a chart or as a table, and the buttons that save it. */
import type { ComponentChildren, JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { address, navigate, setQuery } from "../../app/address.js";
import { attempt } from "../../app/notices.js";
import { Chart, pictureOf } from "../../ui/chart.js";
import { download } from "../../ui/download.js";
import { Table, type TableColumn } from "../../ui/table.js";
import { fileNameFor, FrameLink, SaveBar } from "../report-parts.js";
import { align, type Plot, plotColumns, type PlotPoint, pointText } from "./plot.js";

/** Shows a frame in the packet list. */
function goToFrame(frame: number): void {
  const { source, query } = address.value;
  const { filter = "" } = query;
  navigate({ view: "packets", source, query: { filter, frame: String(frame) } });
}

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

export interface PlotViewProps {
  readonly plot: Plot;
  /** What the plot shows, for screen readers. */
  readonly label: string;
  /** What the files are called after. */
  readonly name: string;
  /** What is said instead if there are no points. */
  readonly emptyText: string;
  readonly children?: ComponentChildren;
}

/** A plot, as a chart or, if the address says so, as a table. */
export function PlotView(props: PlotViewProps): JSX.Element {
  const { plot, label, name, emptyText, children } = props;
  const area = useRef<HTMLDivElement>(null);
  const isTable = address.value.query["as"] === "table";
  const columns = useMemo(() => plotColumns(plot), [plot]);
  const places = useMemo(() => new Map(plot.points.map((point, index) => [point, index])), [plot]);
  const shown: readonly TableColumn<PlotPoint>[] = columns.map((column) =>
    column.title === "Frame"
      ? { ...column, show: ({ frame }): JSX.Element => <FrameLink frame={frame} /> }
      : column,
  );
  return (
    <>
      {plot.points.length === 0 ? (
        <p class="pending">{emptyText}</p>
      ) : isTable ? (
        <div class="table-area">
          <Table
            label={label}
            columns={shown}
            rows={plot.points}
            keyOf={(point) => String(places.get(point))}
          />
        </div>
      ) : (
        <div ref={area} class="plot">
          <PlotChart plot={plot} label={label} />
        </div>
      )}
      <SaveBar name={name} columns={columns} rows={plot.points}>
        {!isTable && plot.points.length > 0 && (
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
        )}
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
        {children}
      </SaveBar>
    </>
  );
}
