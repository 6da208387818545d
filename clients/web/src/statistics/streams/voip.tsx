// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import type { VoipCall } from "@dissectd/client/api";
import type { JSX } from "preact";
import { goToFrame, goToReport } from "../../app/capture-links.js";
import { attempt, showDone } from "../../app/notices.js";
import { applyFilter } from "../../filter/draft.js";
import { type MenuItem, showMenu } from "../../ui/menu.js";
import { Table, type TableColumn } from "../../ui/table.js";
import { AnswerOf, SaveBar, Warnings } from "../report-parts.js";
import type { ReportProps } from "../reports/registry.js";
import { RowMenuButton } from "../row-menu.js";
import { runReports, useSessionAnswer, withFilter } from "../run.js";
import { CALL_COLUMNS, callFilter, callName, callsOf } from "./voip-calls.js";

/** Shows the flow graph of the packets that pass a filter. */
function showFlow(filter: string): void {
  goToReport({ report: "flow", filter, limited: "yes" });
}

function itemsFor(session: Session, call: VoipCall): MenuItem[] {
  const withItsFilter = (
    label: string,
    use: (filter: string) => void | Promise<void>,
  ): MenuItem => ({
    label,
    action: (): void => {
      attempt(async () => {
        await use(await callFilter(session, call));
      });
    },
  });
  return [
    withItsFilter("Apply as Filter", applyFilter),
    withItsFilter("Copy Filter", async (filter) => {
      await navigator.clipboard.writeText(filter);
      showDone("The filter is in the clipboard.");
    }),
    withItsFilter("Flow Sequence", showFlow),
    {
      label: `Go to First Packet ${String(call.firstFrame)}`,
      action: (): void => {
        goToFrame(call.firstFrame);
      },
    },
  ];
}

/** Telephony > VoIP Calls. */
export function VoipReport({ session, filter }: ReportProps): JSX.Element {
  const report = withFilter("voip,calls", filter);
  const answer = useSessionAnswer(
    session,
    async (signal) => {
      const { parts, warnings } = await runReports(session, [report], signal);
      return { calls: callsOf(parts[0] ?? []), warnings };
    },
    [report],
  );
  const actions: TableColumn<VoipCall> = {
    title: "Actions",
    value: () => "",
    show: (call) => <RowMenuButton about={callName(call)} items={() => itemsFor(session, call)} />,
  };
  return (
    <AnswerOf answer={answer}>
      {({ calls, warnings }) => (
        <>
          <Warnings texts={warnings} />
          <div class="table-area">
            {calls.length === 0 ? (
              <p class="pending">There are none in the capture.</p>
            ) : (
              <Table
                label="VoIP Calls"
                columns={[actions, ...CALL_COLUMNS]}
                rows={calls}
                keyOf={({ index }) => String(index)}
                onOpen={(call) => {
                  attempt(async () => {
                    applyFilter(await callFilter(session, call));
                  });
                }}
                onMenu={(event, call) => {
                  showMenu(event, itemsFor(session, call));
                }}
              />
            )}
          </div>
          <SaveBar name="voip-calls" columns={CALL_COLUMNS} rows={calls} />
        </>
      )}
    </AnswerOf>
  );
}
