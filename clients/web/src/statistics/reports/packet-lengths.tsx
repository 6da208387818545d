// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import "../../style/streams.css";
import { attempt } from "../../app/notices.js";
import { Chart, pictureOf } from "../../ui/chart.js";
import { download } from "../../ui/download.js";
import { lengthBarsOf } from "../packet-lengths.js";
import { AnswerOf, fileNameFor, SaveBar, Warnings } from "../report-parts.js";
import { runReports, useSessionAnswer, withFilter } from "../run.js";
import { StatsTreeTable, treeColumns } from "../stats-tree.js";
import { type PlainTree, statsTreeOf } from "../tables-of.js";
import type { ReportProps } from "./registry.js";

const NO_TREE: PlainTree = { title: "Packet Lengths", columns: [], nodes: [] };
const SERIES = [{ label: "Packets", color: "--series-1", style: "bars" }] as const;

function Bars({ tree }: { tree: PlainTree }): JSX.Element {
  const { names, counts } = useMemo(() => lengthBarsOf(tree), [tree]);
  const data = useMemo((): [number[], number[]] => [[...names.keys()], [...counts]], [tree]);
  return (
    <Chart
      label="Packets by their lengths"
      series={SERIES}
      data={data}
      xText={(value) => names[value] ?? ""}
      xLabel="Length (bytes)"
      yLabel="Packets"
      isExplored
      describe={({ index }) => `${names[index] ?? ""}: ${String(counts[index])} packets`}
    />
  );
}

/** Statistics > Packet Lengths. */
export function PacketLengthsReport({ session, filter }: ReportProps): JSX.Element {
  const report = withFilter("plen,tree", filter);
  const area = useRef<HTMLDivElement>(null);
  const answer = useSessionAnswer(
    session,
    async (signal) => {
      const { parts, warnings } = await runReports(session, [report], signal);
      return { tree: statsTreeOf(parts[0] ?? []) ?? NO_TREE, warnings };
    },
    [report],
  );
  return (
    <AnswerOf answer={answer}>
      {({ tree, warnings }) => (
        <>
          <Warnings texts={warnings} />
          <StatsTreeTable tree={tree} label="Packet Lengths" />
          <div ref={area} class="plot">
            <Bars tree={tree} />
          </div>
          <SaveBar
            name="packet-lengths"
            columns={treeColumns(tree)}
            rows={tree.nodes}
            text={{ session, report }}
          >
            <button
              type="button"
              onClick={() => {
                attempt(async () => {
                  const picture = area.current && (await pictureOf(area.current));
                  if (picture) download(fileNameFor("packet-lengths", "png"), picture);
                });
              }}
            >
              Save as picture
            </button>
          </SaveBar>
        </>
      )}
    </AnswerOf>
  );
}
