// SPDX-License-Identifier: Apache-2.0

/** What errors mean to the user of the page, and what to do about them. */
import {
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

// What helps depends on the reason, and for other reasons on the kind of error.
const ADVICE: Readonly<Record<string, string>> = {
  DISPLAY_FILTER_INVALID: "Correct the filter where it is underlined.",
  CAPTURE_FILTER_INVALID: "Correct the capture filter.",
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

function adviceFor(error: unknown): string {
  if (error instanceof DissectdError && ADVICE[error.reason] !== undefined) {
    return ADVICE[error.reason] ?? "";
  }
  if (error instanceof UnauthenticatedError) return "Sign in with a token.";
  if (error instanceof PermissionError) return "Ask the operator for the permission.";
  if (error instanceof NotFoundError) return "Go back to the start page, and look for it there.";
  if (error instanceof UnavailableError) return "The page tries again by itself.";
  if (error instanceof DissectdError) return "Try again, or ask the operator to look at the log.";
  return "Reload the page, and tell the developers if it happens again.";
}

export function explain(error: unknown): Explanation {
  const message = error instanceof Error ? error.message : String(error);
  return { message, advice: adviceFor(error) };
}

/** Returns a message as a sentence, which another one can follow. */
export function sentence(message: string): string {
  return message.replace(/[^.!?…]$/, "$&.");
}

/** Whether an error says no more than that its reader has gone. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
