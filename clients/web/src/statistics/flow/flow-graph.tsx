// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { address, setQuery } from "../../app/address.js";
import { goToFrame } from "../../app/capture-links.js";
import { attempt, showDone } from "../../app/notices.js";
import "../../style/flow.css";
import { download } from "../../ui/download.js";
import { AnswerOf, fileNameFor, SaveBar, Warnings } from "../report-parts.js";
import type { ReportProps } from "../reports/registry.js";
import { runReports, useSessionAnswer } from "../run.js";
import {
  columnsOf,
  type Diagram,
  diagramOf,
  FLOW_TYPES,
  flowReport,
  type FlowType,
} from "./diagram.js";
import { MOST_DRAWN, type PictureColors, pngOf, svgOf } from "./diagram-picture.js";
import { DiagramRows } from "./diagram-rows.js";

// libwireshark has no room for more.
const MOST_NODES = 40;

function chosenType(): FlowType {
  const chosen = address.value.query["flow"];
  return FLOW_TYPES.find(({ name }) => name === chosen)?.name ?? "any";
}

function Choices({ type, isNetwork }: { type: FlowType; isNetwork: boolean }): JSX.Element {
  return (
    <div class="flow-choices">
      <label>
        Flow type{" "}
        <select
          value={type}
          onChange={({ currentTarget }) => {
            setQuery({ flow: currentTarget.value, frame: undefined });
          }}
        >
          {FLOW_TYPES.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Addresses{" "}
        <select
          value={isNetwork ? "network" : "any"}
          onChange={({ currentTarget }) => {
            const { value } = currentTarget;
            setQuery({ addresses: value === "network" ? value : undefined });
          }}
        >
          <option value="any">Any</option>
          <option value="network">Network</option>
        </select>
      </label>
    </div>
  );
}

/** The colors of the theme, which a picture can't look up. */
function currentColors(): PictureColors {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return { text: color("--text"), background: color("--background"), line: color("--border") };
}

function savePng(diagram: Diagram): void {
  attempt(async () => {
    download(fileNameFor("flow", "png"), await pngOf(svgOf(diagram, currentColors(), MOST_DRAWN)));
    if (diagram.items.length > MOST_DRAWN) {
      showDone(`The picture has the first ${String(MOST_DRAWN)} arrows; as SVG it has all.`);
    }
  });
}

function saveSvg(diagram: Diagram): void {
  const svg = svgOf(diagram, currentColors());
  download(fileNameFor("flow", "svg"), new Blob([svg], { type: "image/svg+xml" }));
}

/** Goes to a packet, so that the way back leads to its arrow. */
function openFrame(frame: number): void {
  setQuery({ frame: String(frame) }, { replace: true });
  goToFrame(frame);
}

function Shown({ diagram }: { readonly diagram: Diagram }): JSX.Element {
  if (diagram.items.length === 0) {
    return <p class="pending">There are no such flows in the capture.</p>;
  }
  const frame = Number(address.value.query["frame"]);
  return (
    <DiagramRows
      diagram={diagram}
      frame={frame > 0 ? frame : undefined}
      onOpen={({ frameNumber }) => {
        openFrame(frameNumber);
      }}
    />
  );
}

/** Statistics > Flow Graph. */
export function FlowReport({ session, filter }: ReportProps): JSX.Element {
  const type = chosenType();
  const isNetwork = address.value.query["addresses"] === "network";
  const report = flowReport(type, isNetwork, filter);
  const answer = useSessionAnswer(session, (signal) => runReports(session, [report], signal), [
    report,
  ]);
  const { value } = answer;
  const diagram = useMemo(
    () => (value ? diagramOf(value.parts[0] ?? []) : { nodes: [], items: [] }),
    [value],
  );
  const warnings = [...(value?.warnings ?? [])];
  if (diagram.nodes.length >= MOST_NODES) {
    warnings.push(
      `The diagram has the first ${String(MOST_NODES)} addresses. ` +
        "Limit it to a display filter to see others.",
    );
  }
  return (
    <>
      <Choices type={type} isNetwork={isNetwork} />
      <AnswerOf answer={answer}>
        {() => (
          <>
            <Warnings texts={warnings} />
            <Shown diagram={diagram} />
            <SaveBar
              name={`flow-${type}`}
              columns={columnsOf(diagram)}
              rows={diagram.items}
              text={{ session, report }}
            >
              <button
                type="button"
                onClick={() => {
                  savePng(diagram);
                }}
              >
                Save as PNG
              </button>
              <button
                type="button"
                onClick={() => {
                  saveSvg(diagram);
                }}
              >
                Save as SVG
              </button>
            </SaveBar>
          </>
        )}
      </AnswerOf>
    </>
  );
}
