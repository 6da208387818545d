// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { attempt } from "../../app/notices.js";
import "../../style/graphs.css";
import { pictureOf } from "../../ui/chart.js";
import { download } from "../../ui/download.js";
import { Table, type TableColumn } from "../../ui/table.js";
import { AnswerOf, fileNameFor, SaveBar, Warnings } from "../report-parts.js";
import type { ReportProps } from "../reports/registry.js";
import { useSessionAnswer } from "../run.js";
import { columnsOf, drawnOf, problemsOf } from "./drawn.js";
import { formatGraphs } from "./graph.js";
import { GraphTable } from "./graph-table.js";
import { askValues, type GraphValues } from "./graph-values.js";
import { MOST_INTERVALS } from "./intervals.js";
import { IoChart } from "./io-chart.js";
import { IoControls } from "./io-controls.js";
import { durationOf, ioOptions, pageFilter, setGraphs } from "./io-options.js";
import { questionOf, reportFor } from "./question.js";

const TOO_MANY = "The capture has too many intervals of this length. Choose a longer one.";

interface IoTable {
  readonly columns: readonly TableColumn<number>[];
  readonly rows: readonly number[];
}

function savePicture(of: ParentNode | null): void {
  attempt(async () => {
    if (of) download(fileNameFor("io-graph", "png"), await pictureOf(of));
  });
}

interface SaveProps extends IoTable {
  readonly session: Session;
  /** The report whose text is saved; empty if no question has an answer. */
  readonly report: string;
  /** Where the chart is, if there is one. */
  readonly chart: (() => ParentNode | null) | undefined;
}

function Save({ session, report, columns, rows, chart }: SaveProps): JSX.Element {
  return (
    <SaveBar
      name="io-graph"
      columns={columns}
      rows={rows}
      {...(report && { text: { session, report } })}
    >
      <button
        type="button"
        disabled={!chart}
        onClick={() => {
          if (chart) savePicture(chart());
        }}
      >
        Save as PNG
      </button>
    </SaveBar>
  );
}

function tableOf(drawn: ReturnType<typeof drawnOf>, answer: GraphValues | undefined): IoTable {
  const { intervalUs = 0, count = 0 } = answer ?? {};
  return {
    columns: columnsOf(drawn, intervalUs / 1e6),
    rows: Array.from({ length: count }, (_, row) => row),
  };
}

/** Statistics > I/O Graph. */
export function IoGraphReport({ session }: ReportProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const options = ioOptions(session);
  const { isTable, interval } = options;
  const { seconds } = interval;
  // The address is read again each time, and mostly has the same.
  const graphs = useMemo(() => options.graphs, [formatGraphs(options.graphs)]);
  const isTooLong = durationOf(session) / seconds > MOST_INTERVALS;
  const asked = isTooLong ? [] : graphs.filter(({ isOn }) => isOn).map(questionOf);
  const questions = [
    ...new Set(asked.flatMap(({ text, problem }) => (problem === undefined ? [text] : []))),
  ];
  // What only changes how graphs are drawn isn't asked again.
  const answer = useSessionAnswer(
    session,
    (signal) => askValues(session, seconds, questions, signal),
    [seconds, questions.join()],
  );
  const { value } = answer;
  const drawn = useMemo(() => (value ? drawnOf(graphs, value) : []), [value, graphs]);
  const table = useMemo(() => tableOf(drawn, value), [drawn, value]);
  const answered = questions.filter((text) => value?.values.has(text));
  return (
    <>
      <AnswerOf answer={answer}>
        {(values) => (
          <>
            <Warnings
              texts={[
                ...(isTooLong ? [TOO_MANY] : []),
                ...values.warnings,
                ...problemsOf(graphs, values),
              ]}
            />
            <div class="io-shown" ref={box}>
              {isTable ? (
                <div class="table-area">
                  <Table label="I/O Graph" {...table} keyOf={String} />
                </div>
              ) : (
                <IoChart session={session} options={options} answer={values} drawn={drawn} />
              )}
            </div>
          </>
        )}
      </AnswerOf>
      <IoControls options={options} />
      <GraphTable graphs={graphs} filter={pageFilter()} onChange={setGraphs} />
      <Save
        session={session}
        report={answered.length > 0 ? reportFor(seconds, answered) : ""}
        {...table}
        chart={isTable || !value ? undefined : (): ParentNode | null => box.current}
      />
    </>
  );
}
