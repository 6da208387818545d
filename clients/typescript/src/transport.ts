// SPDX-License-Identifier: Apache-2.0

import type { Transport } from "@connectrpc/connect";
import { asDissectdError } from "./errors.js";

async function* withTypedErrors<T>(messages: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* messages;
  } catch (error) {
    throw asDissectdError(error);
  }
}

/** Returns a transport whose calls fail with a DissectdError. */
export function typedTransport(transport: Transport): Transport {
  const typed: Transport = {
    unary: async (...call) => {
      try {
        return await transport.unary(...call);
      } catch (error) {
        throw asDissectdError(error);
      }
    },
    stream: async (...call) => {
      try {
        const response = await transport.stream(...call);
        return { ...response, message: withTypedErrors(response.message) };
      } catch (error) {
        throw asDissectdError(error);
      }
    },
  };
  return typed;
}
