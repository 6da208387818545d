// SPDX-License-Identifier: Apache-2.0

import type { ReportResult, SequenceItem } from "@dissectd/client/api";
import { expect, test } from "vitest";
import { arrowOf, diagramOf, flowReport, pathsOf, sentenceOf, widthsFor } from "./diagram.js";
import { svgOf } from "./diagram-picture.js";

const REQUEST = {
  frameNumber: 7,
  fromNode: 1,
  toNode: 0,
  fromPort: 5000,
  toPort: 80,
  label: "<GET>",
  comment: "HTTP: GET /?a&b",
  time: "0.5",
} as SequenceItem;
const DIAGRAM = { nodes: ["192.0.2.1", "192.0.2.2"], items: [REQUEST] };

test("the parts of a report are one diagram", () => {
  const part = (nodes: string[], items: SequenceItem[]): ReportResult =>
    ({ table: { case: "sequence", value: { nodes, items } } }) as unknown as ReportResult;
  const diagram = diagramOf([part(DIAGRAM.nodes, [REQUEST]), part([], [REQUEST])]);
  expect(diagram).toEqual({ nodes: DIAGRAM.nodes, items: [REQUEST, REQUEST] });
});

test("an arrow leads from one line to another one", () => {
  const arrow = arrowOf(REQUEST, { node: 100 });
  expect(arrow).toMatchObject({ left: 50, right: 150, leftPort: "80", rightPort: "5000" });
  expect(pathsOf(arrow, 20)).toEqual({ line: "M50 20H150", tip: "M50 20L59 16V24Z" });
  const back = arrowOf({ ...REQUEST, fromNode: 0, toNode: 1, toPort: 0 }, { node: 100 });
  expect(back).toMatchObject({ leftPort: "5000", rightPort: "" });
  expect(pathsOf(back, 20).tip).toBe("M150 20L141 16V24Z");
});

test("a node that speaks to itself has a loop", () => {
  const arrow = arrowOf({ ...REQUEST, fromNode: 0 }, { node: 100 });
  expect(arrow).toMatchObject({ isLoop: true, left: 50, right: 110 });
  expect(pathsOf(arrow, 20).line).toBe("M50 14H110V20H50");
});

test("columns fill what there is, and aren't too narrow", () => {
  expect(widthsFor(2, 1000).all).toBe(1000);
  expect(widthsFor(40, 1000)).toMatchObject({ node: 156, all: 110 + 40 * 156 + 260 });
});

test("a sentence says what an arrow is", () => {
  expect(sentenceOf(DIAGRAM, REQUEST)).toBe(
    "0.5: 192.0.2.2 port 5000 to 192.0.2.1 port 80, HTTP: GET /?a&b",
  );
  expect(flowReport("tcp", false, "ip.addr in {192.0.2.1, 192.0.2.2}")).toBe(
    "flow,tcp,standard,ip.addr in {192.0.2.1, 192.0.2.2}",
  );
});

test("a picture has all texts, escaped", () => {
  const svg = svgOf(DIAGRAM, { text: "#000", background: "#fff", line: "#ccc" });
  expect(svg).toContain(">&lt;GET&gt;</text>");
  expect(svg).toContain(">HTTP: GET /?a&amp;b</text>");
  expect(svg).toContain(">192.0.2.1</text>");
  expect(svgOf(DIAGRAM, { text: "", background: "", line: "" }, 0)).not.toContain("GET");
});
