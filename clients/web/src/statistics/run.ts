// SPDX-License-Identifier: Apache-2.0

/** Asks the daemon for reports about the open capture. */
import type { Session } from "@dissectd/client";
import type { AnalysisEnd, ReportResult, RunStatisticsResponse } from "@dissectd/client/api";
import { useEffect, useState } from "preact/hooks";
import { client } from "../daemon/connection.js";
import { reopenAfter, revision } from "../daemon/open-capture.js";
import { sessionInfo } from "../daemon/session-watch.js";
import { type Answer, useAnswer } from "../ui/use-answer.js";

/** The capture of a session, as the methods of the analysis take it. */
export function sourceOf(session: Session): {
  source: { case: "session"; value: string };
} {
  return { source: { case: "session", value: session.name } };
}

export interface ReportRun {
  /** For each report that was asked for, its parts in order. */
  readonly parts: readonly (readonly ReportResult[])[];
  /** What the user must know about them, such as that the capture is cut short. */
  readonly warnings: readonly string[];
}

/** What the end of an analysis says about its results. */
export function warningsOf({ readError, notices, framesRead }: AnalysisEnd): string[] {
  if (!readError) return notices;
  const read = `The report is about the ${String(framesRead)} frames before that.`;
  return [`${readError.message} ${read}`, ...notices];
}

function statistics(
  session: Session,
  names: readonly string[],
  text: boolean,
  signal?: AbortSignal,
): AsyncIterable<RunStatisticsResponse> {
  const reports = names.map((argument) => ({ argument }));
  return client.value.services.analysis.runStatistics(
    { source: sourceOf(session), reports, text },
    signal ? { signal } : {},
  );
}

/** Makes reports, as `tshark -z` names them, in one run over the capture. */
export async function runReports(
  session: Session,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReportRun> {
  const parts: ReportResult[][] = names.map(() => []);
  let warnings: string[] = [];
  for await (const { kind } of statistics(session, names, false, signal)) {
    if (kind.case === "result") parts[kind.value.reportIndex]?.push(kind.value);
    if (kind.case === "end") warnings = warningsOf(kind.value);
  }
  return { parts, warnings };
}

/** Returns the text that tshark prints for a report. */
export async function textOf(session: Session, name: string, signal?: AbortSignal): Promise<Blob> {
  const texts: Uint8Array<ArrayBuffer>[] = [];
  for await (const { kind } of statistics(session, [name], true, signal)) {
    if (kind.case === "result") texts.push(kind.value.text as Uint8Array<ArrayBuffer>);
  }
  return new Blob(texts, { type: "text/plain" });
}

/** Adds a display filter to the name of a report. */
export function withFilter(name: string, filter: string): string {
  return filter ? `${name},${filter}` : name;
}

// A report takes a run over the capture, so that one isn't made for each new packet.
const GROWTH_MS = 3000;

/** As useAnswer, and opens the capture again if the daemon has closed its session. */
function useReopeningAnswer<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  about: readonly unknown[],
): Answer<Value> {
  return useAnswer(async (signal) => {
    try {
      return await ask(signal);
    } catch (error) {
      if (!signal.aborted) reopenAfter(error);
      throw error;
    }
  }, about);
}

/**
 * Asks about the open capture, and again when it has been edited or read again, or has more
 * packets. The last answer is kept until there is another one.
 */
export function useSessionAnswer<Value>(
  session: Session,
  ask: (signal: AbortSignal) => Promise<Value>,
  about: readonly unknown[],
): Answer<Value> {
  const [frames, setFrames] = useState(() => session.info.frames);
  const answer = useReopeningAnswer(ask, [session, revision.value, frames, ...about]);
  const now = sessionInfo.value;
  const hasGrown = now?.name === session.name && now.frames !== frames;
  useEffect(() => {
    if (!hasGrown || answer.isPending) return undefined;
    const timer = setTimeout(() => {
      setFrames(sessionInfo.peek()?.frames ?? 0);
    }, GROWTH_MS);
    return (): void => {
      clearTimeout(timer);
    };
  }, [hasGrown, answer.isPending]);
  return answer;
}
