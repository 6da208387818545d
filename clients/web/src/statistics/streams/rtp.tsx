// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { address, setQuery } from "../../app/address.js";
import "../../style/streams.css";
import { type MenuItem, showMenu } from "../../ui/menu.js";
import { Split } from "../../ui/split.js";
import { Table, type TableColumn } from "../../ui/table.js";
import { AnswerOf, FrameLink, SaveBar, Warnings } from "../report-parts.js";
import type { ReportProps } from "../reports/registry.js";
import { filterItems, RowMenuButton } from "../row-menu.js";
import { runReports, useSessionAnswer } from "../run.js";
import { PlotView } from "./plot-view.js";
import { analyse, ANALYSIS_COLUMNS, type AnalysedPacket, analysisPlot } from "./rtp-analysis.js";
import { readRtpPackets } from "./rtp-packets.js";
import {
  filterFor,
  idOf,
  nameOf,
  RTP_COLUMNS,
  type RtpStream,
  rtpStreamsOf,
  statusOf,
} from "./rtp-streams.js";

const REPORT = "rtp,streams";

function analyseStream(stream: RtpStream): void {
  setQuery({ stream: idOf(stream) });
}

function itemsFor(stream: RtpStream): MenuItem[] {
  return [
    {
      label: "Analyze",
      action: (): void => {
        analyseStream(stream);
      },
    },
    ...filterItems(filterFor(stream)),
  ];
}

function StatusCell({ hasProblems }: RtpStream): JSX.Element | string {
  return hasProblems ? <span class="severity warning">Problems</span> : "";
}

const SHOWN_COLUMNS: readonly TableColumn<RtpStream>[] = [
  {
    title: "Actions",
    value: () => "",
    show: (stream) => (
      <>
        <button
          type="button"
          class="row-menu"
          aria-label={`Analyze ${nameOf(stream)}`}
          onClick={() => {
            analyseStream(stream);
          }}
        >
          ☰
        </button>
        <RowMenuButton about={nameOf(stream)} items={() => itemsFor(stream)} />
      </>
    ),
  },
  // In Wireshark it is the last one, which would be out of sight here.
  { title: "Status", value: statusOf, show: StatusCell },
  ...RTP_COLUMNS.filter(({ title }) => title !== "Status"),
];

function Streams(props: { session: Session; streams: readonly RtpStream[] }): JSX.Element {
  const { session, streams } = props;
  return (
    <div class="stream-list">
      <div class="table-area">
        {streams.length === 0 ? (
          <p class="pending">
            There are none in the capture. RTP without SIP or another protocol that announces it is
            found by a rule of Decode As.
          </p>
        ) : (
          <Table
            label="RTP Streams"
            columns={SHOWN_COLUMNS}
            rows={streams}
            keyOf={idOf}
            onOpen={analyseStream}
            onMenu={(event, stream) => {
              showMenu(event, itemsFor(stream));
            }}
          />
        )}
      </div>
      <SaveBar
        name="rtp-streams"
        columns={RTP_COLUMNS}
        rows={streams}
        text={{ session, report: REPORT }}
      />
    </div>
  );
}

function AnalysedPackets(props: {
  readonly stream: RtpStream;
  readonly packets: readonly AnalysedPacket[];
}): JSX.Element {
  const { stream, packets } = props;
  const plot = useMemo(() => analysisPlot(packets), [packets]);
  const problems = packets.filter(({ hasProblem }) => hasProblem);
  const [first] = problems;
  return (
    <>
      <p class="stream-facts">
        {packets.length} packets, {problems.length} with problems
        {first && (
          <>
            , the first one in packet <FrameLink frame={first.frame} />: {first.status}
          </>
        )}
        .
      </p>
      <PlotView
        plot={plot}
        columns={ANALYSIS_COLUMNS}
        rows={packets}
        label={`Jitter and delta of ${nameOf(stream)}`}
        name={`rtp-${idOf(stream)}`}
        emptyText="The stream has only one packet, so that there are no times between packets."
      />
    </>
  );
}

/** The packets of one stream, as in Wireshark's RTP Stream Analysis. */
function StreamAnalysis(props: { session: Session; stream: RtpStream }): JSX.Element {
  const { session, stream } = props;
  const filter = filterFor(stream);
  const answer = useSessionAnswer(
    session,
    async (signal) => analyse(await readRtpPackets(session, filter, signal)),
    [filter],
  );
  return (
    <section class="stream-analysis" aria-label="RTP Stream Analysis">
      <header class="stream-choices">
        <h2>RTP Stream Analysis: {nameOf(stream)}</h2>
        <button
          type="button"
          onClick={() => {
            setQuery({ stream: undefined, as: undefined });
          }}
        >
          Close
        </button>
      </header>
      <AnswerOf answer={answer}>
        {(packets) => <AnalysedPackets stream={stream} packets={packets} />}
      </AnswerOf>
    </section>
  );
}

/** Telephony > RTP > RTP Streams. */
export function RtpReport({ session }: ReportProps): JSX.Element {
  const answer = useSessionAnswer(
    session,
    async (signal) => {
      const { parts, warnings } = await runReports(session, [REPORT], signal);
      return { streams: rtpStreamsOf(parts[0] ?? []), warnings };
    },
    [],
  );
  const chosen = address.value.query["stream"];
  return (
    <AnswerOf answer={answer}>
      {({ streams, warnings }) => {
        const stream = streams.find((each) => idOf(each) === chosen);
        const list = <Streams session={session} streams={streams} />;
        return (
          <>
            <Warnings texts={warnings} />
            <div class="stream-panes">
              {stream ? (
                <Split direction="rows" name="rtp" initial={0.35}>
                  {list}
                  <StreamAnalysis key={idOf(stream)} session={session} stream={stream} />
                </Split>
              ) : (
                list
              )}
            </div>
          </>
        );
      }}
    </AnswerOf>
  );
}
