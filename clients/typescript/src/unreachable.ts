// SPDX-License-Identifier: Apache-2.0

import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";

const NOBODY_LISTENS = new Set(["ECONNREFUSED", "ENOENT"]);
const NO_NAME = new Set(["ENOTFOUND", "EAI_AGAIN"]);
const NOT_TLS = new Set(["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"]);

// Node's message about a connection whose other end left it without an answer.
const CLOSED = "http/2 stream closed with error code CANCEL";
const NOT_PLAIN = new Set(["CLOSED", "ECONNRESET", "ERR_HTTP2_ERROR"]);

/** Where a daemon is expected. */
export interface Place {
  readonly address: string;
  readonly usesTls: boolean;
}

/** What Node and OpenSSL say of a connection. */
interface Cause {
  readonly code: string;
  readonly text: string;
}

/** Returns what became of the connection; undefined if the error is the answer to a call. */
function causeOf({ cause, rawMessage }: ConnectError): Cause | undefined {
  if (rawMessage.startsWith(CLOSED)) return { code: "CLOSED", text: "it was closed" };
  if (!(cause instanceof Error && "code" in cause && typeof cause.code === "string")) {
    return undefined;
  }
  // OpenSSL's messages have places in its source, its reasons don't.
  const text = "reason" in cause ? String(cause.reason) : cause.message;
  return { code: cause.code, text };
}

function explain({ code, text }: Cause, { address, usesTls }: Place): string {
  if (NOBODY_LISTENS.has(code)) return `nobody listens at ${address} (${code}).`;
  if (NO_NAME.has(code)) return `there is no host of the name in ${address} (${code}).`;
  if (usesTls && NOT_TLS.has(code)) {
    return `${address} doesn't speak TLS (${text}). Is it a daemon without TLS?`;
  }
  const question = !usesTls && NOT_PLAIN.has(code) ? " Does the daemon expect TLS?" : "";
  return `no connection ${usesTls ? "with" : "without"} TLS to ${address}: ${text}.${question}`;
}

/** Returns what names the daemon's place in errors of the connection to it. */
export function placeInErrors(place: Place): Interceptor {
  return (next) => async (request) => {
    try {
      return await next(request);
    } catch (error) {
      const cause = error instanceof ConnectError ? causeOf(error) : undefined;
      if (cause === undefined || request.signal.aborted) throw error;
      const text = explain(cause, place);
      throw new ConnectError(text, Code.Unavailable, undefined, undefined, error);
    }
  };
}
