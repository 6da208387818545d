// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { attempt } from "../../app/notices.js";
import "../../style/graphs.css";
import { Chart, type ChartSeries, pictureOf } from "../../ui/chart.js";
import { download } from "../../ui/download.js";
import { Table, type TableColumn } from "../../ui/table.js";
import { secondsOf, shownNumber } from "../numbers.js";
import { AnswerOf, fileNameFor, SaveBar, Warnings } from "../report-parts.js";
import type { ReportProps } from "../reports/registry.js";
import { useSessionAnswer } from "../run.js";
import { COLORS, formatGraphs, type Graph, type Style } from "./graph.js";
import { GraphTable } from "./graph-table.js";
import { askValues, type GraphValues } from "./graph-values.js";
import { MOST_INTERVALS } from "./intervals.js";
import { IoControls } from "./io-controls.js";
import { openFrameAt } from "./io-frames.js";
import {
  durationOf,
  type IoOptions,
  ioOptions,
  pageFilter,
  setGraphs,
  setRange,
} from "./io-options.js";
import { drawnValues, framesOf, questionOf, reportFor } from "./question.js";

const CHART_STYLES: Readonly<Record<Style, NonNullable<ChartSeries["style"]>>> = {
  Line: "line",
  "Step line": "steps",
  Bar: "bars",
  Dot: "dots",
  Impulse: "impulses",
};

/** A graph that is drawn, with the values of its intervals. */
interface Drawn {
  readonly graph: Graph;
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** Gives each graph a name that no other one has. */
function labelsOf(graphs: readonly Graph[]): string[] {
  return graphs.map(({ name }, place) => {
    const isTaken = graphs.slice(0, place).some((other) => other.name === name);
    const label = name || "Graph";
    return isTaken || !name ? `${label} (${String(place + 1)})` : label;
  });
}

function drawnOf(graphs: readonly Graph[], { values }: GraphValues): Drawn[] {
  const labels = labelsOf(graphs);
  return graphs.flatMap((graph, place) => {
    const own = values.get(questionOf(graph).text);
    if (!graph.isOn || !own) return [];
    return [{ graph, label: labels[place] ?? "", values: drawnValues(graph, own) }];
  });
}

function problemsOf(graphs: readonly Graph[], { errors }: GraphValues): string[] {
  const labels = labelsOf(graphs);
  return graphs.flatMap((graph, place) => {
    const { text, problem = errors.get(text) } = questionOf(graph);
    return graph.isOn && problem ? [`${labels[place] ?? ""}: ${problem}`] : [];
  });
}

function yLabelOf(drawn: readonly Drawn[], interval: string): string {
  const units = new Set(drawn.map(({ graph: { unit, field } }) => unit.replace("Y Field", field)));
  const [unit] = units;
  return units.size === 1 && unit ? `${unit} / ${interval}` : `Values / ${interval}`;
}

interface ShownProps {
  readonly session: Session;
  readonly options: IoOptions;
  readonly answer: GraphValues;
  readonly drawn: readonly Drawn[];
}

function IoChart({ session, options, answer, drawn }: ShownProps): JSX.Element {
  const { interval, isTimeOfDay, isLog, range } = options;
  const length = answer.intervalUs / 1e6 || durationOf(session);
  const first = isTimeOfDay ? secondsOf(session.info.firstTime) : 0;
  const xs = useMemo(
    () => Array.from({ length: answer.count }, (_, at) => first + at * length),
    [answer, first],
  );
  const data = useMemo((): [number[], ...(number | null)[][]] => {
    return [xs, ...drawn.map(({ values }) => [...values])];
  }, [xs, drawn]);
  const series = drawn.map(({ graph: { color, style }, label }) => ({
    label,
    color: `--series-${String(COLORS.indexOf(color) + 1)}`,
    style: CHART_STYLES[style],
  }));
  const shown = range && { min: range.min + first, max: range.max + first };

  function timeOf(index: number): string {
    if (isTimeOfDay) return new Date((first + index * length) * 1000).toLocaleTimeString();
    return `${shownNumber(index * length)} s`;
  }

  return (
    <Chart
      key={String(isTimeOfDay)}
      label="I/O Graph"
      series={series}
      data={data}
      isTime={isTimeOfDay}
      xLabel={isTimeOfDay ? "Time of day" : "Time (s)"}
      yLabel={yLabelOf(drawn, interval.title)}
      isLog={isLog}
      startsAtZero
      {...(shown && { initialRange: shown })}
      onRange={(now) => {
        setRange(now && { min: now.min - first, max: now.max - first });
      }}
      describe={({ index }) => {
        const values = drawn.map((each) => `${each.label} ${shownNumber(each.values[index] ?? 0)}`);
        return `${timeOf(index)}: ${values.join(", ")}`;
      }}
      onPoint={(index, place) => {
        const graph = drawn[place]?.graph;
        const filter = graph ? framesOf(graph) : "";
        attempt(() => openFrameAt(session, index * length, (index + 1) * length, filter));
      }}
    />
  );
}

function columnsOf(drawn: readonly Drawn[], length: number): TableColumn<number>[] {
  return [
    {
      title: "Start (s)",
      value: (row) => Number((row * length).toFixed(6)),
    },
    ...drawn.map(({ label, values }) => ({
      title: label,
      value: (row: number): number => values[row] ?? 0,
      show: (row: number): string => shownNumber(values[row] ?? 0),
    })),
  ];
}

function Shown(props: ShownProps & { readonly questions: readonly string[] }): JSX.Element {
  const { session, options, answer, drawn, questions } = props;
  const box = useRef<HTMLDivElement>(null);
  const length = answer.intervalUs / 1e6;
  const columns = useMemo(() => columnsOf(drawn, length), [drawn, length]);
  const rows = useMemo(() => Array.from({ length: answer.count }, (_, row) => row), [answer.count]);
  const right = questions.filter((text) => answer.values.has(text));
  return (
    <>
      <Warnings texts={[...answer.warnings, ...problemsOf(options.graphs, answer)]} />
      <div class="io-shown" ref={box}>
        {options.isTable ? (
          <div class="table-area">
            <Table label="I/O Graph" columns={columns} rows={rows} keyOf={String} />
          </div>
        ) : (
          <IoChart session={session} options={options} answer={answer} drawn={drawn} />
        )}
      </div>
      <IoControls options={options} />
      <GraphTable graphs={options.graphs} filter={pageFilter()} onChange={setGraphs} />
      <SaveBar
        name="io-graph"
        columns={columns}
        rows={rows}
        {...(right.length > 0 && {
          text: { session, report: reportFor(options.interval.seconds, right) },
        })}
      >
        <button
          type="button"
          disabled={options.isTable}
          onClick={() => {
            attempt(async () => {
              const picture = box.current && (await pictureOf(box.current));
              if (picture) download(fileNameFor("io-graph", "png"), picture);
            });
          }}
        >
          Save as PNG
        </button>
      </SaveBar>
    </>
  );
}

function tooMany(session: Session, seconds: number): string | undefined {
  if (durationOf(session) / seconds <= MOST_INTERVALS) return undefined;
  return "The capture has too many intervals of this length. Choose a longer one.";
}

/** Statistics > I/O Graph. */
export function IoGraphReport({ session }: ReportProps): JSX.Element {
  const options = ioOptions(session);
  const { interval } = options;
  // The address is read again each time, and mostly has the same.
  const graphs = useMemo(() => options.graphs, [formatGraphs(options.graphs)]);
  const asked = graphs.filter(({ isOn }) => isOn).map(questionOf);
  const questions = [
    ...new Set(asked.flatMap(({ text, problem }) => (problem === undefined ? [text] : []))),
  ];
  const problem = tooMany(session, interval.seconds);
  // What only changes how graphs are drawn isn't asked again.
  const answer = useSessionAnswer(
    session,
    (signal) => askValues(session, interval.seconds, problem ? [] : questions, signal),
    [interval.seconds, problem, questions.join()],
  );
  const value = answer.value;
  const drawn = useMemo(() => (value ? drawnOf(graphs, value) : []), [value, graphs]);
  return (
    <AnswerOf answer={answer}>
      {(values) => (
        <>
          {problem && <Warnings texts={[problem]} />}
          <Shown
            session={session}
            options={options}
            answer={values}
            drawn={drawn}
            questions={questions}
          />
        </>
      )}
    </AnswerOf>
  );
}
