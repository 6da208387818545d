// SPDX-License-Identifier: Apache-2.0

import type { ProtocolHierarchyNode } from "@dissectd/client/api";
import type { JSX } from "preact";
import { client } from "../../daemon/connection.js";
import { sessionInfo } from "../../daemon/session-watch.js";
import { applyFilter } from "../../filter/draft.js";
import { showMenu } from "../../ui/menu.js";
import type { TableColumn } from "../../ui/table.js";
import { bitRate, secondsOf, shownNumber } from "../numbers.js";
import { AnswerOf, SaveBar, Warnings } from "../report-parts.js";
import { filterItems } from "../row-menu.js";
import { runReports, useSessionAnswer, withFilter } from "../run.js";
import { TreeTable } from "../tree-table.js";
import type { ReportProps } from "./registry.js";

interface Row extends ProtocolHierarchyNode {
  /** The name for people, such as `Transmission Control Protocol`. */
  readonly title: string;
}

async function titleOf(protocol: string, signal: AbortSignal): Promise<string> {
  const { fields } = await client.value.services.registry.lookupFields(
    { name: protocol },
    { signal },
  );
  return fields[0]?.displayName || protocol;
}

/** Returns the names for people of protocols; that in filters for those without one. */
async function titlesOf(
  protocols: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const names = [...new Set(protocols)];
  const titles = await Promise.allSettled(names.map((name) => titleOf(name, signal)));
  return new Map(
    names.map((name, index) => {
      const title = titles[index];
      return [name, title?.status === "fulfilled" ? title.value : name];
    }),
  );
}

/** A share in percent, with a bar behind it as in Wireshark. */
function Share({ percent }: { percent: number }): JSX.Element {
  return (
    <span class="share" style={{ "--share": `${String(percent)}%` }}>
      {percent.toFixed(1)}
    </span>
  );
}

function columnsFor(rows: readonly Row[], seconds: number): TableColumn<Row>[] {
  const roots = rows.filter(({ depth }) => depth === 0);
  const frames = roots.reduce((sum, row) => sum + Number(row.frames), 0);
  const bytes = roots.reduce((sum, row) => sum + Number(row.bytes), 0);
  const packetShare = (row: Row): number => (Number(row.frames) / frames) * 100;
  const byteShare = (row: Row): number => (Number(row.bytes) / bytes) * 100;
  const rate = (row: Row): number => bitRate(row.bytes, seconds);
  return [
    { title: "Protocol", value: ({ title }) => title },
    {
      title: "Percent Packets",
      value: packetShare,
      show: (row) => <Share percent={packetShare(row)} />,
    },
    { title: "Packets", value: (row) => row.frames },
    {
      title: "Percent Bytes",
      value: byteShare,
      show: (row) => <Share percent={byteShare(row)} />,
    },
    { title: "Bytes", value: (row) => row.bytes },
    { title: "Bits/s", value: rate, show: (row) => shownNumber(Math.round(rate(row))) },
    { title: "Filter", value: ({ protocol }) => protocol },
  ];
}

/** Statistics > Protocol Hierarchy. */
export function HierarchyReport({ session, filter }: ReportProps): JSX.Element {
  const report = withFilter("io,phs", filter);
  const answer = useSessionAnswer(
    session,
    async (signal) => {
      const { parts, warnings } = await runReports(session, [report], signal);
      const nodes = (parts[0] ?? []).flatMap(({ table }) =>
        table.case === "protocolHierarchy" ? table.value.nodes : [],
      );
      const titles = await titlesOf(
        nodes.map(({ protocol }) => protocol),
        signal,
      );
      const rows = nodes.map((node): Row => ({
        ...node,
        title: titles.get(node.protocol) ?? node.protocol,
      }));
      return { rows, warnings };
    },
    [report],
  );
  const { firstTime, lastTime } = sessionInfo.value ?? session.info;
  const seconds = secondsOf(lastTime) - secondsOf(firstTime);
  return (
    <AnswerOf answer={answer}>
      {({ rows, warnings }) => {
        const columns = columnsFor(rows, seconds);
        return (
          <>
            <Warnings texts={warnings} />
            <div class="table-area">
              {rows.length === 0 && <p class="pending">No packet passes the filter.</p>}
              <TreeTable
                label="Protocol Hierarchy"
                columns={columns}
                rows={rows}
                onOpen={({ protocol }) => {
                  applyFilter(protocol);
                }}
                onMenu={(event, { protocol }) => {
                  showMenu(event, filterItems(protocol));
                }}
              />
            </div>
            <SaveBar
              name="protocol-hierarchy"
              columns={columns}
              rows={rows}
              text={{ session, report }}
            />
          </>
        );
      }}
    </AnswerOf>
  );
}
