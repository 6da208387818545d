// SPDX-License-Identifier: Apache-2.0

import { fromBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  ErrorInfoSchema,
  type Failure,
  InvalidTextSchema,
  RetryInfoSchema,
  type TextSpan,
} from "./gen/dissectd/v1/common_pb.js";
import type { KnownReason } from "./gen/reasons.js";
import { markedText, type TextRange, textRange } from "./text-range.js";

export { Code } from "@connectrpc/connect";

/**
 * The reason of an error, as docs/errors.md lists them. A later daemon may have
 * others. Empty if the error isn't the daemon's.
 */
export type Reason = KnownReason | "" | (string & Record<never, never>);

/** What is known about an error. */
export interface ErrorFacts {
  readonly code: Code;
  readonly reason: Reason;
  readonly message: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly span?: TextSpan | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** An error of the daemon, or of the connection to it. */
export class DissectdError extends Error {
  override readonly name: string = "DissectdError";
  readonly code: Code;
  readonly reason: Reason;
  /** Facts about this occurrence by name, such as `file`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The time to wait before the request is sent again, if that may help. */
  readonly retryAfterMs: number | undefined;

  constructor(facts: ErrorFacts, options?: ErrorOptions) {
    super(facts.message, options);
    this.code = facts.code;
    this.reason = facts.reason;
    this.metadata = facts.metadata ?? {};
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/** A filter that doesn't compile. */
export class FilterError extends DissectdError {
  override readonly name = "FilterError";
  /** The filter, with its macros expanded. */
  readonly filter: string;
  /** The part of the filter that is wrong; undefined if that is unknown. */
  readonly span: TextRange | undefined;

  constructor(facts: ErrorFacts, filter: string, options?: ErrorOptions) {
    super(facts, options);
    this.filter = filter;
    this.span = facts.span && textRange(filter, facts.span);
  }

  /** Returns the message, the filter, and carets below what is wrong. */
  explain(): string {
    return this.message + (this.span === undefined ? "" : markedText(this.filter, this.span));
  }
}

/** Something that doesn't exist: a file, capture, session or interface. */
export class NotFoundError extends DissectdError {
  override readonly name = "NotFoundError";
}

/** The daemon doesn't know the caller, for example because a token has expired. */
export class UnauthenticatedError extends DissectdError {
  override readonly name = "UnauthenticatedError";
}

/** The daemon's policy doesn't permit it. */
export class PermissionError extends DissectdError {
  override readonly name = "PermissionError";
}

/** A capture file that is damaged, cut short, or none. */
export class CaptureFileError extends DissectdError {
  override readonly name = "CaptureFileError";
}

/** The daemon can't be reached, or can't answer now. */
export class UnavailableError extends DissectdError {
  override readonly name = "UnavailableError";
}

const FILTER_REASONS = new Set<Reason>(["DISPLAY_FILTER_INVALID", "CAPTURE_FILTER_INVALID"]);

const BY_CODE: Partial<Record<Code, typeof DissectdError>> = {
  [Code.NotFound]: NotFoundError,
  [Code.Unauthenticated]: UnauthenticatedError,
  [Code.PermissionDenied]: PermissionError,
  [Code.Unavailable]: UnavailableError,
};

/** Returns the exception for an error. */
export function errorOf(facts: ErrorFacts, options?: ErrorOptions): DissectdError {
  if (FILTER_REASONS.has(facts.reason)) {
    return new FilterError(facts, facts.metadata?.["filter"] ?? "", options);
  }
  return new (BY_CODE[facts.code] ?? DissectdError)(facts, options);
}

/** Returns the exception for an error that is part of a response about a file. */
export function fileError(failure: Failure): CaptureFileError {
  return new CaptureFileError({ ...failure, code: Code.DataLoss });
}

// Statuses that the daemon sends in the middle of a stream have no details.
const REASON_IN_MESSAGE = /^([A-Z][A-Z_]+): /;

function factsOf(error: ConnectError): ErrorFacts {
  const detail = (name: string): Uint8Array | undefined => {
    const found = error.details.find((item) => "type" in item && item.type.endsWith(`.${name}`));
    return found !== undefined && "value" in found ? (found.value as Uint8Array) : undefined;
  };
  const info = detail("ErrorInfo");
  const retry = detail("RetryInfo");
  const text = detail("InvalidText");
  const { reason, metadata } = fromBinary(ErrorInfoSchema, info ?? new Uint8Array());
  const delay = retry && fromBinary(RetryInfoSchema, retry).retryDelay;
  return {
    code: error.code,
    reason: reason || (REASON_IN_MESSAGE.exec(error.rawMessage)?.[1] ?? ""),
    message: messageOf(error),
    metadata,
    span: text && fromBinary(InvalidTextSchema, text).span,
    retryAfterMs: delay && Number(delay.seconds) * 1000 + delay.nanos / 1e6,
  };
}

function messageOf(error: ConnectError): string {
  const text = error.rawMessage;
  if (error.details.length > 0) return text;
  if (error.code === Code.Unimplemented) {
    const guess = "The daemon is older than this client, or no dissectd";
    return text === "" ? `${guess}.` : `${guess}: ${text}`;
  }
  return error.code === Code.Unavailable ? `The daemon can't be reached: ${text}` : text;
}

/** Returns the exception for what a call threw. */
export function asDissectdError(thrown: unknown): DissectdError {
  if (thrown instanceof DissectdError) return thrown;
  const error = ConnectError.from(thrown);
  return errorOf(factsOf(error), { cause: error });
}
