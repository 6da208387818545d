// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { address, setQuery } from "../../app/address.js";
import { AnswerOf, Warnings } from "../report-parts.js";
import type { ReportProps } from "../reports/registry.js";
import { runReports, useSessionAnswer } from "../run.js";
import { endName, StreamNumber } from "../stream-controls.js";
import "../../style/streams.css";
import { plotColumns } from "./plot.js";
import { PlotView } from "./plot-view.js";
import { TCP_PLOTS, type TcpPlotName } from "./tcp-plot-names.js";
import { tcpPlot } from "./tcp-plots.js";
import {
  busierSide,
  otherSide,
  senderOf,
  type Side,
  SIDES,
  streamOf,
  type TcpStream,
} from "./tcp-segments.js";

// As in Wireshark.
const DEFAULT_WINDOW_S = 1;

interface Choice {
  readonly type: TcpPlotName;
  readonly stream: number;
  readonly windowSeconds: number;
}

function choiceOf(query: Readonly<Record<string, string>>): Choice {
  const { type, stream = "0", window = "" } = query;
  return {
    type: TCP_PLOTS.find(({ name }) => name === type)?.name ?? "stevens",
    stream: Number.parseInt(stream, 10) || 0,
    windowSeconds: Math.max(0, Number(window)) || DEFAULT_WINDOW_S,
  };
}

/** The side that the address names, that of the packet the user came from, or the busier one. */
function sideOf(query: Readonly<Record<string, string>>, stream: TcpStream): Side {
  return (
    SIDES.find((side) => side === query["direction"]) ??
    senderOf(stream, Number(query["frame"])) ??
    busierSide(stream)
  );
}

function Controls({ choice }: { choice: Choice }): JSX.Element {
  const { type, stream, windowSeconds } = choice;
  return (
    <>
      <label>
        Type{" "}
        <select
          value={type}
          onChange={({ currentTarget }) => {
            setQuery({ type: currentTarget.value });
          }}
        >
          {TCP_PLOTS.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <StreamNumber label="Stream" name="stream" value={stream} />
      {type === "throughput" && (
        <label>
          MA Window (s){" "}
          <input
            class="window"
            type="number"
            min={0.001}
            step="any"
            value={windowSeconds}
            onChange={({ currentTarget }) => {
              if (currentTarget.validity.valid && currentTarget.value !== "") {
                setQuery({ window: currentTarget.value }, { replace: true });
              }
            }}
          />
        </label>
      )}
    </>
  );
}

function isForGraphs({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const isTyping = target instanceof Element && target.matches("input, textarea, select");
  return (
    !isTyping &&
    !ctrlKey &&
    !metaKey &&
    !altKey &&
    !document.querySelector("dialog[open], [role=menu]")
  );
}

/** Wireshark's keys: 1 to 5 for the types, D for the direction, Page Up and Down for streams. */
function actionFor(key: string, stream: number, switchTo: Side): (() => void) | undefined {
  const type = TCP_PLOTS[Number(key) - 1]?.name;
  if (type) {
    return () => {
      setQuery({ type });
    };
  }
  const next = { PageUp: stream + 1, PageDown: Math.max(0, stream - 1) }[key];
  if (next !== undefined) {
    return () => {
      setQuery({ stream: String(next) });
    };
  }
  if (key.toLowerCase() !== "d") return undefined;
  return () => {
    setQuery({ direction: switchTo }, { replace: true });
  };
}

function useKeys(stream: number, switchTo: Side): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const action = isForGraphs(event) ? actionFor(event.key, stream, switchTo) : undefined;
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", listen);
    return (): void => {
      removeEventListener("keydown", listen);
    };
  }, [stream, switchTo]);
}

function Graph(props: { choice: Choice; stream: TcpStream }): JSX.Element {
  const { choice, stream } = props;
  const { type, windowSeconds } = choice;
  const side = sideOf(address.value.query, stream);
  useKeys(choice.stream, otherSide(side));
  const plot = useMemo(
    () => tcpPlot(type, stream, side, windowSeconds),
    [type, stream, side, windowSeconds],
  );
  const direction = `${endName(stream[side])} → ${endName(stream[otherSide(side)])}`;
  const title = TCP_PLOTS.find(({ name }) => name === type)?.title ?? "";
  const isThere = stream.segments.length > 0;
  return (
    <>
      {isThere && (
        <div class="stream-choices">
          <span>{direction}</span>
          <button
            type="button"
            aria-keyshortcuts="D"
            onClick={() => {
              setQuery({ direction: otherSide(side) }, { replace: true });
            }}
          >
            Switch Direction
          </button>
          <span class="advice">
            Keys 1–5: type, D: direction, Page Up/Down: stream. Click: go to packet.
          </span>
        </div>
      )}
      <PlotView
        key={choice.stream}
        plot={plot}
        columns={plotColumns(plot)}
        rows={plot.points}
        label={`${title} of ${direction}`}
        name={`tcp-${String(choice.stream)}-${type}`}
        emptyText={
          isThere
            ? "No segment in this direction has such a value. Switch the direction, or choose another type."
            : "There is no such stream. Choose one with a smaller number."
        }
      />
    </>
  );
}

/** Statistics > TCP Stream Graphs. */
export function TcpGraphsReport({ session }: ReportProps): JSX.Element {
  const choice = choiceOf(address.value.query);
  const { stream } = choice;
  const answer = useSessionAnswer(
    session,
    async (signal) => {
      const report = `tcp,graph,${String(stream)}`;
      const { parts, warnings } = await runReports(session, [report], signal);
      return { read: streamOf(parts[0] ?? []), warnings };
    },
    [stream],
  );
  return (
    <>
      <div class="stream-choices">
        <Controls choice={choice} />
      </div>
      <AnswerOf answer={answer}>
        {({ read, warnings }) => (
          <>
            <Warnings texts={warnings} />
            <Graph choice={choice} stream={read} />
          </>
        )}
      </AnswerOf>
    </>
  );
}
