// SPDX-License-Identifier: Apache-2.0

/** The packets that a point of an I/O graph stands for. */
import type { Session } from "@dissectd/client";
import { goToFrame } from "../../app/capture-links.js";
import { both } from "../../filter/combine.js";

// The daemon rounds times to microseconds.
const HALF_MICROSECOND = 0.5e-6;

function timeFrom(seconds: number): string {
  return `frame.time_relative >= ${(seconds - HALF_MICROSECOND).toFixed(7)}`;
}

function timeBefore(seconds: number): string {
  return `frame.time_relative < ${(seconds - HALF_MICROSECOND).toFixed(7)}`;
}

/**
 * Returns the first packet of an interval that passes a filter, or else the last one before
 * it, or else the first one behind it.
 */
export async function frameAt(
  session: Session,
  start: number,
  end: number,
  filter: string,
): Promise<number | undefined> {
  const find = (times: string, backward = false): Promise<number | undefined> =>
    session.find({ case: "displayFilter", value: both(times, filter) }, { backward });
  const inInterval = start > 0 ? `${timeFrom(start)} && ${timeBefore(end)}` : timeBefore(end);
  return (await find(inInterval)) ?? (await find(timeBefore(start), true)) ?? find(timeFrom(end));
}

/** Goes to a packet of an interval, if there is any. */
export async function openFrameAt(
  session: Session,
  start: number,
  end: number,
  filter: string,
): Promise<void> {
  const frame =
    (await frameAt(session, start, end, filter)) ?? (await frameAt(session, start, end, ""));
  if (frame !== undefined) goToFrame(frame);
}
