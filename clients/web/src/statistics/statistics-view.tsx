// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { address } from "../app/address.js";
import { NotOpened } from "../app/not-opened.js";
import { client } from "../daemon/connection.js";
import { openCapture } from "../daemon/open-capture.js";
import { followSession } from "../daemon/session-watch.js";
import "../style/statistics.css";
import { Reading } from "../ui/reading.js";
import { Split } from "../ui/split.js";
import { useAnswer } from "../ui/use-answer.js";
import { ReportList } from "./report-list.js";
import { ReportPane } from "./report-pane.js";

function NoReport(): JSX.Element {
  const opened = openCapture.value;
  if (opened.state === "none") {
    return (
      <p class="pending">
        No capture is open. Choose one at the <a href="#/start">start page</a>.
      </p>
    );
  }
  if (opened.state === "failed") {
    return (
      <div class="no-report">
        <NotOpened error={opened.error} />
      </div>
    );
  }
  return (
    <div class="no-report">
      <Reading />
    </div>
  );
}

/** The statistics of a capture: what there is at the left, and the chosen one at the right. */
export function StatisticsView(): JSX.Element {
  useEffect(followSession, []);
  const opened = openCapture.value;
  const reports = useAnswer(
    (signal) => client.value.services.analysis.listReports({}, { signal }),
    [client.value],
  );
  const name = address.value.query["report"] ?? "hierarchy";
  return (
    <Split direction="columns" name="statistics" initial={0.2}>
      <ReportList chosen={name} reports={reports.value?.reports ?? []} />
      {opened.state === "open" ? (
        <ReportPane
          session={opened.session}
          name={name}
          usage={reports.value?.reports.find((report) => report.name === name)?.usage}
        />
      ) : (
        <NoReport />
      )}
    </Split>
  );
}
