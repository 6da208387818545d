// SPDX-License-Identifier: Apache-2.0

/** The colors of coloring rules, which users choose without looking at their contrast. */

import type { ColoringRule } from "@dissectd/client/api";

// What WCAG demands of texts.
const LEAST_CONTRAST = 4.5;
const STEPS = 20;

type Rgb = readonly [number, number, number];

function channels(color: number): Rgb {
  return [(color >> 16) & 0xff, (color >> 8) & 0xff, color & 0xff];
}

function luminance(color: number): number {
  const [red, green, blue] = channels(color).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Returns the contrast of two colors as WCAG defines it, from 1 to 21. */
export function contrast(a: number, b: number): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function mix(color: number, other: number, part: number): number {
  const [red, green, blue] = channels(color).map((channel, index) =>
    Math.round(channel + ((channels(other)[index] ?? 0) - channel) * part),
  ) as unknown as Rgb;
  return (red << 16) | (green << 8) | blue;
}

/** Returns the color of texts, or the nearest one to it that can be read. */
export function readable(foreground: number, background: number): number {
  const black = 0x000000;
  const white = 0xffffff;
  const end = contrast(black, background) > contrast(white, background) ? black : white;
  for (let step = 0; step < STEPS; ++step) {
    const color = mix(foreground, end, step / STEPS);
    if (contrast(color, background) >= LEAST_CONTRAST) return color;
  }
  return end;
}

export function cssColor(color: number): string {
  return `#${color.toString(16).padStart(6, "0")}`;
}

const styles = new WeakMap<ColoringRule, Readonly<Record<string, string>>>();

/** Returns the properties that a row in the colors of a rule has. */
export function ruleStyle(rule: ColoringRule): Readonly<Record<string, string>> {
  const known = styles.get(rule);
  if (known) return known;
  const style = {
    "--rule-background": cssColor(rule.background),
    "--rule-text": cssColor(readable(rule.foreground, rule.background)),
  };
  styles.set(rule, style);
  return style;
}
