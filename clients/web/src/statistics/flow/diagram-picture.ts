// SPDX-License-Identifier: Apache-2.0

/** A sequence diagram as a picture. */
import type { SequenceItem } from "@dissectd/client/api";
import {
  ARROW_TOP,
  arrowOf,
  type Diagram,
  lineOf,
  pathsOf,
  ROW_HEIGHT,
  TIME_WIDTH,
  type Widths,
  widthsFor,
} from "./diagram.js";

export interface PictureColors {
  readonly text: string;
  readonly background: string;
  readonly line: string;
}

const HEAD_HEIGHT = 28;
const PICTURE_WIDTH = 1200;
const CHARACTER_WIDTH = 6.6;
// No browser draws pictures that are much higher.
const MOST_PIXELS = 16_000;

/** The most arrows that a PNG has. */
export const MOST_DRAWN = Math.floor((MOST_PIXELS - HEAD_HEIGHT) / ROW_HEIGHT);

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/\p{Cc}/gu, " ");
}

function fitting(text: string, width: number): string {
  const most = Math.floor(width / CHARACTER_WIDTH);
  return text.length > most ? `${text.slice(0, Math.max(0, most - 1))}…` : text;
}

function textAt(x: number, y: number, anchor: "start" | "middle" | "end", text: string): string {
  const place = `x="${String(x)}" y="${String(y)}" text-anchor="${anchor}"`;
  return text ? `<text ${place}>${escaped(text)}</text>` : "";
}

function itemOf(item: SequenceItem, row: number, widths: Widths, nodes: number): string {
  const arrow = arrowOf(item, widths);
  const top = HEAD_HEIGHT + row * ROW_HEIGHT;
  const { line, tip } = pathsOf(arrow, top + ARROW_TOP);
  const port = top + ARROW_TOP + 4;
  const middle = TIME_WIDTH + (arrow.left + arrow.right) / 2;
  return [
    textAt(8, top + 16, "start", item.time),
    textAt(middle, top + 16, "middle", fitting(item.label, arrow.right - arrow.left - 8)),
    `<g transform="translate(${String(TIME_WIDTH)} 0)">`,
    `<path d="${line}" fill="none" stroke="currentColor"/><path d="${tip}"/>`,
    textAt(arrow.left - 5, port, "end", arrow.leftPort),
    textAt(arrow.right + 5, port, "start", arrow.rightPort),
    "</g>",
    textAt(
      TIME_WIDTH + nodes * widths.node + 8,
      top + 16,
      "start",
      fitting(item.comment, widths.comment - 16),
    ),
  ].join("");
}

/** Returns a diagram as a file of SVG; with only the first items if there are more. */
export function svgOf({ nodes, items }: Diagram, colors: PictureColors, most = Infinity): string {
  const drawn = items.slice(0, most);
  const widths = widthsFor(nodes.length, PICTURE_WIDTH);
  const height = HEAD_HEIGHT + drawn.length * ROW_HEIGHT;
  const size = `width="${String(widths.all)}" height="${String(height)}"`;
  const heads = nodes.map((node, at) =>
    textAt(TIME_WIDTH + lineOf(at, widths), 18, "middle", fitting(node, widths.node - 8)),
  );
  const lines = nodes.map((_node, at) => {
    const x = String(TIME_WIDTH + lineOf(at, widths));
    return `M${x} ${String(HEAD_HEIGHT)}V${String(height)}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12"`,
    ` fill="${colors.text}" color="${colors.text}">`,
    `<rect ${size} fill="${colors.background}"/>`,
    `<path d="${lines.join("")}" stroke="${colors.line}" stroke-dasharray="4 3"/>`,
    textAt(8, 18, "start", "Time"),
    ...heads,
    textAt(TIME_WIDTH + nodes.length * widths.node + 8, 18, "start", "Comment"),
    ...drawn.map((item, row) => itemOf(item, row, widths, nodes.length)),
    "</svg>\n",
  ].join("");
}

/** Returns a picture in SVG as PNG. */
export async function pngOf(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d")?.drawImage(image, 0, 0);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob) resolve(blob);
        else reject(new Error("The browser can't make a picture of so many arrows."));
      });
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
