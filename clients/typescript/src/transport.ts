// SPDX-License-Identifier: Apache-2.0

import type { Transport } from "@connectrpc/connect";
import { asDissectdError, Code, DissectdError } from "./errors.js";

async function* withTypedErrors<T>(messages: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* messages;
  } catch (error) {
    throw asDissectdError(error);
  }
}

/** Returns a transport whose calls fail with a DissectdError, and all once it is closed. */
export function typedTransport(transport: Transport, isClosed: () => boolean): Transport {
  // The transport below would connect again.
  const checkOpen = (): void => {
    if (!isClosed()) return;
    const message = "The client is closed.";
    throw new DissectdError({ code: Code.FailedPrecondition, reason: "", message });
  };
  const typed: Transport = {
    unary: async (...call) => {
      checkOpen();
      try {
        return await transport.unary(...call);
      } catch (error) {
        throw asDissectdError(error);
      }
    },
    stream: async (...call) => {
      checkOpen();
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
