// SPDX-License-Identifier: Apache-2.0

/** Asks the daemon for the values of graphs. */
import { DissectdError, type Session } from "@dissectd/client";
import type { Cell, IoTable, ReportResult } from "@dissectd/client/api";
import { explain } from "../../daemon/errors.js";
import { secondsOf } from "../numbers.js";
import { runReports } from "../run.js";
import { reportFor } from "./question.js";

export interface GraphValues {
  /** The length of an interval in microseconds; 0 if it is all of the capture. */
  readonly intervalUs: number;
  /** The number of intervals. */
  readonly count: number;
  /** The values of each question, by interval. */
  readonly values: ReadonlyMap<string, readonly number[]>;
  /** What is wrong with the questions that have no values. */
  readonly errors: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

function numberOf(cell: Cell | undefined): number {
  const value = cell?.value;
  if (value?.case === undefined || value.case === "stringValue") return 0;
  return value.case === "timeValue" ? secondsOf(value.value) : Number(value.value);
}

function tablesOf(parts: readonly ReportResult[]): IoTable[] {
  return parts.flatMap(({ table }) => (table.case === "io" ? [table.value] : []));
}

interface Columns {
  readonly intervalUs: number;
  readonly columns: readonly number[][];
  readonly warnings: readonly string[];
}

async function ask(
  session: Session,
  interval: number,
  questions: readonly string[],
  signal: AbortSignal,
): Promise<Columns> {
  const run = await runReports(session, [reportFor(interval, questions)], signal);
  const tables = tablesOf(run.parts[0] ?? []);
  const columns = questions.map((_question, at) =>
    tables.flatMap(({ rows }) => rows.map(({ values }) => numberOf(values[at]))),
  );
  return { intervalUs: Number(tables[0]?.intervalUs ?? 0n), columns, warnings: run.warnings };
}

const REFUSALS = ["DISPLAY_FILTER_INVALID", "REPORT_ARGUMENT_INVALID"];

function isRefusal(error: unknown): boolean {
  return error instanceof DissectdError && REFUSALS.includes(error.reason);
}

/** Asks each question alone, as some are wrong, and tells which. */
async function askEach(
  session: Session,
  interval: number,
  questions: readonly string[],
  signal: AbortSignal,
): Promise<GraphValues> {
  const values = new Map<string, readonly number[]>();
  const errors = new Map<string, string>();
  let intervalUs = 0;
  let warnings: readonly string[] = [];
  const askOne = async (question: string): Promise<void> => {
    try {
      const answer = await ask(session, interval, [question], signal);
      values.set(question, answer.columns[0] ?? []);
      ({ intervalUs, warnings } = answer);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      errors.set(question, explain(error).message);
    }
  };
  await Promise.all(questions.map(askOne));
  return { intervalUs, count: longest([...values.values()]), values, errors, warnings };
}

function longest(columns: readonly (readonly number[])[]): number {
  return Math.max(0, ...columns.map(({ length }) => length));
}

/** Returns the values of questions by interval, with one run over the capture if all are right. */
export async function askValues(
  session: Session,
  interval: number,
  questions: readonly string[],
  signal: AbortSignal,
): Promise<GraphValues> {
  const none = new Map<string, string>();
  if (questions.length === 0) {
    return { intervalUs: 0, count: 0, values: new Map(), errors: none, warnings: [] };
  }
  try {
    const { columns, ...answer } = await ask(session, interval, questions, signal);
    const values = new Map(questions.map((question, at) => [question, columns[at] ?? []]));
    return { ...answer, count: longest(columns), values, errors: none };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return askEach(session, interval, questions, signal);
  }
}
