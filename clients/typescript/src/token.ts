// SPDX-License-Identifier: Apache-2.0

import type { Interceptor } from "@connectrpc/connect";

/** A token, or a function that returns one for each call, as tokens expire. */
export type Token = string | (() => string | Promise<string>);

/** Returns what sends a token with each call. */
export function tokenSender(token: Token): Interceptor {
  return (next) => async (request) => {
    const text = typeof token === "string" ? token : await token();
    request.header.set("authorization", `Bearer ${text.trim()}`);
    return next(request);
  };
}
