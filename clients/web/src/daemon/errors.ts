// SPDX-License-Identifier: Apache-2.0

/** What errors mean to the user of the page, and what to do about them. */
import {
  Code,
  DissectdError,
  NotFoundError,
  PermissionError,
  UnauthenticatedError,
  UnavailableError,
} from "@dissectd/client";

export interface Explanation {
  /** What went wrong. */
  readonly message: string;
  /** What the user can do. */
  readonly advice: string;
}

const CHOOSE_FILE = "Choose a file at the start page.";
const NO_CAPTURE = "Choose a capture file, such as pcap or pcapng, at the start page.";
const DAMAGED = "Make or upload the file again, if its source still has all of it.";

// What helps depends on the reason, and for other reasons on the kind of error.
/** What to do, by the reasons of errors. */
export const ADVICE: Readonly<Record<string, string>> = {
  DISPLAY_FILTER_INVALID: "Correct the filter where it is underlined.",
  CAPTURE_FILTER_INVALID: "Correct the capture filter.",
  FILTER_TOO_LONG: "Make the filter shorter, for example with sets such as {80, 443} and ranges.",
  FILTER_COMPILER_HANGS: "Make the capture filter simpler.",
  QUERY_TIMEOUT: "Make the filter simpler.",
  TEXT_HAS_NUL: "Remove the NUL character.",
  COLUMN_FIELDS_INVALID: "Correct the names of the column's fields.",
  COLUMN_FORMAT_UNKNOWN: "Choose another type for the column.",
  DECODE_AS_PROTOCOL_UNKNOWN: "Remove the decode-as rule, or choose another protocol.",
  DECODE_AS_SELECTOR_INVALID: "Remove the decode-as rule, or correct its value.",
  DECODE_AS_TABLE_UNKNOWN: "Remove the decode-as rule.",
  PREFERENCE_UNKNOWN: "Remove the preference from the address.",
  PREFERENCE_VALUE_INVALID: "Correct the value of the preference.",
  PROFILE_UNKNOWN: "Choose another profile.",
  PROFILE_UNUSABLE: "Choose another profile, or ask the operator to make this one usable.",
  TOO_MANY_WORKERS: "Wait until other questions have been answered, and try again.",
  TOO_MANY_SESSIONS: "Close a capture that is open in another tab, and try again.",
  TOO_MANY_SESSIONS_OF_CALLER: "Close a capture that is open in another tab, and try again.",
  SESSION_NOT_FOUND: "The capture was closed. Open it again.",
  SESSION_FAILED: "Open the capture again; leave out the protocol that the message names, if any.",
  SESSION_FILE_CHANGED: "Open the capture again: its file is another one now.",
  SESSION_TOO_LARGE: "Split the capture, and open a part of it.",
  FRAME_NOT_FOUND: "Choose a packet in the list: the capture has fewer.",
  FRAME_NOT_IN_STREAM: "Choose another packet or another stream.",
  REPORT_ARGUMENT_INVALID: "Correct the options of the report.",
  REPORT_UNKNOWN: "Choose a report of the list.",
  FILE_EMPTY: "Choose another file: this one has no bytes.",
  FILE_UNKNOWN_FORMAT: NO_CAPTURE,
  FILE_UNSUPPORTED: "Convert the file to pcapng with the program that has made it.",
  FILE_CUT_SHORT: DAMAGED,
  FILE_DAMAGED: DAMAGED,
  DECOMPRESSION_FAILED: DAMAGED,
  DECOMPRESSION_OVERFLOW: DAMAGED,
  DECOMPRESSION_UNSUPPORTED: "Decompress the file, and upload it again.",
  ENCAPSULATION_UNSUPPORTED: "Open the file with a newer Wireshark, which may know its link type.",
  FILE_IS_DIRECTORY: CHOOSE_FILE,
  FILE_NOT_REGULAR: CHOOSE_FILE,
  FILE_NAME_INVALID: CHOOSE_FILE,
  FILE_NOT_READABLE: "Ask the operator to let the daemon read the file.",
  FILE_READ_ONLY: "Ask the operator, who decides about this file.",
  FILE_NOT_FOUND: "Look for the file at the start page; it may have been deleted.",
  CAPTURE_NOT_FOUND: "Look for the capture at the start page; it may have been deleted.",
  CAPTURE_NOT_PERMITTED: "Ask the operator to grant what the message says.",
  CAPTURE_OPTION_INVALID: "Correct the option.",
  CAPTURE_RUNNING: "Stop the capture first.",
  DUMPCAP_MISSING: "Ask the operator to install dumpcap.",
  INTERFACE_DOWN: "Bring the interface up, or choose another one.",
  INTERFACE_NOT_FOUND: "Choose another interface; it may have been removed.",
  LINK_TYPE_UNSUPPORTED: "Choose another link-layer header type.",
  MONITOR_MODE_UNSUPPORTED: "Capture without monitor mode.",
  STORE_FULL: "Delete captures or files that nobody needs, and try again.",
  TOO_MANY_CAPTURES: "Stop a capture that nobody needs, and try again.",
};

// Trying again helps only if the same question may have another answer.
const ADVICE_BY_CODE: Partial<Record<Code, string>> = {
  [Code.InvalidArgument]: "Correct what the message names.",
  [Code.OutOfRange]: "Correct what the message names.",
  [Code.FailedPrecondition]: "Change what the message names, or ask the operator to.",
  [Code.ResourceExhausted]: "Wait a while, and try again.",
  [Code.Aborted]: "Try again.",
  [Code.DeadlineExceeded]: "Try again.",
};

/** The reasons for which a display filter is refused. */
const FILTER_REASONS = ["DISPLAY_FILTER_INVALID", "FILTER_TOO_LONG"];

/** Whether an error is about the display filter that was asked with. */
export function isFilterError(error: unknown): boolean {
  return error instanceof DissectdError && FILTER_REASONS.includes(error.reason);
}

function adviceFor(error: unknown): string {
  if (error instanceof DissectdError && Object.hasOwn(ADVICE, error.reason)) {
    return ADVICE[error.reason] ?? "";
  }
  if (error instanceof UnauthenticatedError) return "Sign in with a token.";
  if (error instanceof PermissionError) return "Ask the operator for the permission.";
  if (error instanceof NotFoundError) return "Go back to the start page, and look for it there.";
  if (error instanceof UnavailableError) return "The page tries again by itself.";
  if (error instanceof DissectdError) {
    return ADVICE_BY_CODE[error.code] ?? "Try again, or ask the operator to look at the log.";
  }
  return "Reload the page, and tell the developers if it happens again.";
}

// The advice follows, which is a sentence of its own.
function sentence(text: string): string {
  return text.trim().replace(/[^.!?…:]$/, "$&.");
}

export function explain(error: unknown): Explanation {
  const message = error instanceof Error ? error.message : String(error);
  return { message: sentence(message), advice: adviceFor(error) };
}

/** Whether an error says no more than that its reader has gone. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
