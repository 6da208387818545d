// SPDX-License-Identifier: Apache-2.0

const LEGEND_HEIGHT = 28;
const SWATCH = 10;
const GAP = 16;

/** Writes the names of the series that are switched on, with their colors. */
function drawLegend(context: CanvasRenderingContext2D, chart: ParentNode, scale: number): void {
  const style = getComputedStyle(document.body);
  context.font = `${String(12 * scale)}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  const middle = (LEGEND_HEIGHT * scale) / 2;
  let left = GAP * scale;
  for (const entry of chart.querySelectorAll(".chart-legend [aria-pressed=true]")) {
    const swatch = entry.querySelector("i");
    const label = entry.textContent;
    context.fillStyle = swatch ? getComputedStyle(swatch).backgroundColor : style.color;
    context.fillRect(left, middle - (SWATCH * scale) / 2, SWATCH * scale, SWATCH * scale);
    left += (SWATCH + 6) * scale;
    context.fillStyle = style.color;
    context.fillText(label, left, middle);
    left += context.measureText(label).width + GAP * scale;
  }
}

function withLegend(canvas: HTMLCanvasElement, chart: ParentNode): HTMLCanvasElement {
  const picture = document.createElement("canvas");
  const hasLegend = chart.querySelector(".chart-legend") !== null;
  const above = hasLegend ? LEGEND_HEIGHT * devicePixelRatio : 0;
  picture.width = canvas.width;
  picture.height = canvas.height + above;
  const context = picture.getContext("2d");
  if (!context) return canvas;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, picture.width, picture.height);
  if (hasLegend) drawLegend(context, chart, devicePixelRatio);
  context.drawImage(canvas, 0, above);
  return picture;
}

/** Returns what a chart shows as a picture. */
export function pictureOf(chart: ParentNode): Promise<Blob> {
  const canvas = chart.querySelector("canvas");
  return new Promise((resolve, reject) => {
    if (!canvas) throw new Error("There is no chart.");
    withLegend(canvas, chart).toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("The browser can't make a picture of the chart."));
    });
  });
}
