// SPDX-License-Identifier: Apache-2.0

/** What the daemon says about a filter. */
import { DissectdError, FilterError, type TextRange } from "@dissectd/client";
import type { Client } from "@dissectd/client/web";
import { explain } from "../daemon/errors.js";

export type CheckState = "empty" | "valid" | "warning" | "error" | "unknown";

export interface FilterCheck {
  /** The text that was checked. */
  readonly text: string;
  readonly state: CheckState;
  /** What is wrong or doubtful. */
  readonly message: string;
  /** What the user can do about it. */
  readonly advice: string;
  /** Where it is wrong. */
  readonly range?: TextRange;
  /** Why it couldn't be checked. */
  readonly cause?: unknown;
}

/** Asks what is to be said about a text. */
export type Checker = (text: string) => Promise<FilterCheck>;

export const EMPTY_CHECK: FilterCheck = { text: "", state: "empty", message: "", advice: "" };

function adviceForError({ message, span, filter }: FilterError, text: string): string {
  if (filter !== text) return `The macros make it: ${filter}`;
  if (message.includes("neither a field nor a protocol name")) {
    return "Correct it, or choose a name from the list.";
  }
  if (message.includes("end of filter")) return "Go on typing, or remove what isn't complete.";
  return span ? "Correct the filter where it is underlined." : "Correct the filter.";
}

/** Returns what to underline: at least a character, and nothing in what macros have made. */
export function underlined(
  text: string,
  checked: string,
  span: TextRange | undefined,
): TextRange | undefined {
  if (!span || checked !== text) return undefined;
  const start = Math.min(span.start, Math.max(0, text.length - 1));
  return { start, end: Math.max(start + 1, span.end) };
}

function wrong(text: string, error: FilterError): FilterCheck {
  const range = underlined(text, error.filter, error.span);
  const facts = { text, message: error.message, advice: adviceForError(error, text) };
  return { ...facts, state: "error", ...(range && { range }) };
}

// An answer about the filter isn't possible, which doesn't make the filter wrong, unless
// the daemon refuses what it was asked.
function unanswered(text: string, error: unknown): FilterCheck {
  const isRefused = error instanceof DissectdError && error.reason === "FILTER_TOO_LONG";
  return { text, state: isRefused ? "error" : "unknown", ...explain(error), cause: error };
}

/** Checks a display filter. */
export async function checkDisplayFilter(client: Client, text: string): Promise<FilterCheck> {
  if (text.trim() === "") return { ...EMPTY_CHECK, text };
  try {
    const { warnings } = await client.checkFilter(text);
    if (warnings.length === 0) return { text, state: "valid", message: "", advice: "" };
    const advice = "It works, but a later Wireshark may not accept it.";
    return { text, state: "warning", message: warnings.join(" "), advice };
  } catch (error) {
    return error instanceof FilterError ? wrong(text, error) : unanswered(text, error);
  }
}

/** What a capture filter is for: an interface, or packets of a link-layer type. */
export interface CaptureTarget {
  readonly interface?: string | undefined;
  readonly linkType?: string | undefined;
}

/** Checks a capture filter. */
export async function checkCaptureFilter(
  client: Client,
  text: string,
  target: CaptureTarget,
): Promise<FilterCheck> {
  if (text.trim() === "") return { ...EMPTY_CHECK, text };
  try {
    const { valid, message } = await client.services.capture.compileCaptureFilter({
      filter: text,
      ...targetOf(target),
    });
    if (valid) return { text, state: "valid", message: "", advice: "" };
    const advice = "Capture filters are in the language of libpcap, such as tcp port 80.";
    return { text, state: "error", message: `${message}.`.replace("..", "."), advice };
  } catch (error) {
    return unanswered(text, error);
  }
}

type Target = { target: { case: "linkType" | "interface"; value: string } } | Record<string, never>;

function targetOf({ linkType, interface: name }: CaptureTarget): Target {
  if (linkType) return { target: { case: "linkType", value: linkType } };
  return name ? { target: { case: "interface", value: name } } : {};
}
