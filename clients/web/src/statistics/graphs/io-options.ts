// SPDX-License-Identifier: Apache-2.0

/** What the address says about an I/O graph. */
import type { Session } from "@dissectd/client";
import { address, setQuery } from "../../app/address.js";
import type { Range } from "../../ui/chart-range.js";
import { secondsOf } from "../numbers.js";
import { defaultGraphs, formatGraphs, type Graph, parseGraphs } from "./graph.js";
import { type Interval, intervalOf, USUAL_INTERVAL, usualInterval } from "./intervals.js";

export interface IoOptions {
  readonly graphs: readonly Graph[];
  readonly interval: Interval;
  readonly isLog: boolean;
  readonly isTimeOfDay: boolean;
  readonly isTable: boolean;
  /** The part of the time that is shown, in seconds since the first packet. */
  readonly range: Range | undefined;
}

/** The time from the first packet to the last one, in seconds. */
export function durationOf({ info }: Session): number {
  return Math.max(0, secondsOf(info.lastTime) - secondsOf(info.firstTime));
}

function initialInterval(session: Session): Interval {
  // Nobody knows yet how long a running capture is going to be.
  return session.info.live ? USUAL_INTERVAL : usualInterval(durationOf(session));
}

function rangeOf(text: string | undefined): Range | undefined {
  const [min = Number.NaN, max = Number.NaN] = (text ?? "").split("..").map(Number);
  return min < max ? { min, max } : undefined;
}

/** The display filter of the page, which a new graph gets. */
export function pageFilter(): string {
  return address.value.query["filter"] ?? "";
}

/** Returns what the address says. */
export function ioOptions(session: Session): IoOptions {
  const { graphs, interval, log, time, as, range } = address.value.query;
  return {
    graphs: graphs === undefined ? defaultGraphs(pageFilter()) : parseGraphs(graphs),
    interval: intervalOf(Number(interval)) ?? initialInterval(session),
    isLog: log === "yes",
    isTimeOfDay: time === "day",
    isTable: as === "table",
    range: rangeOf(range),
  };
}

export function setGraphs(graphs: readonly Graph[] | undefined): void {
  setQuery({ graphs: graphs && formatGraphs(graphs) });
}

export function chooseInterval({ seconds }: Interval): void {
  setQuery({ interval: String(seconds) });
}

/** Sets a part of the address that is there or not. */
export function setSwitch(name: "log" | "time" | "as", value: string, isOn: boolean): void {
  setQuery({ [name]: isOn ? value : undefined });
}

/** Notes what is shown, which isn't a step that one goes back. */
export function setRange(range: Range | undefined): void {
  const rounded = range && [range.min, range.max].map((each) => String(Number(each.toFixed(6))));
  setQuery({ range: rounded?.join("..") }, { replace: true });
}
