// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { explain } from "../daemon/errors.js";

/** An error in place of what it is about, with what to do. */
export function Failure({ error }: { readonly error: unknown }): JSX.Element {
  const { message, advice } = explain(error);
  return (
    <p class="failure" role="alert">
      {message} <span class="advice">{advice}</span>
    </p>
  );
}
