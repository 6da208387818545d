// SPDX-License-Identifier: Apache-2.0

/** For browsers, which reach a daemon through a gateway such as Envoy. */
import { Code, ConnectError } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { Client } from "./client.js";
import { checkOptions, type NamesOf } from "./options.js";
import { type Token, tokenSender } from "./token.js";

export * from "./index.js";
export type { Token } from "./token.js";

export interface WebOptions {
  /** The protocol between browser and gateway. */
  protocol?: "grpc-web" | "connect";
  token?: Token;
}

const WEB_NAMES: NamesOf<WebOptions> = { protocol: true, token: true };

/** Returns a client for a gateway, for example at `https://lab.example:8443`. */
export function connect(gateway: string | URL, options: WebOptions = {}): Client {
  checkOptions(options, WEB_NAMES);
  const abort = new AbortController();
  const create = options.protocol === "connect" ? createConnectTransport : createGrpcWebTransport;
  const transport = create({
    baseUrl: String(gateway),
    useBinaryFormat: true,
    interceptors: options.token === undefined ? [] : [tokenSender(options.token)],
    fetch: (input, init) =>
      fetchFrom(gateway, input, { ...init, signal: joined(abort.signal, init?.signal) }),
  });
  return new Client(transport, () => {
    abort.abort();
  });
}

/** Says of which gateway there is no answer, as browsers don't. */
async function fetchFrom(
  gateway: string | URL,
  input: Parameters<typeof fetch>[0],
  init: RequestInit,
): Promise<Response> {
  try {
    return await fetch(input, init);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const message = `${String(gateway)} doesn't answer, or doesn't allow this page to call it`;
    throw new ConnectError(message, Code.Unavailable, undefined, undefined, error);
  }
}

function joined(closed: AbortSignal, call: AbortSignal | null | undefined): AbortSignal {
  return call ? AbortSignal.any([closed, call]) : closed;
}
