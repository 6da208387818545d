// SPDX-License-Identifier: Apache-2.0

import { useEffect, useState } from "preact/hooks";
import { generation, noteError } from "../daemon/connection.js";
import { isAbort } from "../daemon/errors.js";

export interface Answer<Value> {
  readonly value?: Value;
  readonly error?: unknown;
  /** Whether the answer to the last question is still on its way. */
  readonly isPending: boolean;
}

/**
 * Asks the daemon when a component is shown, whenever `about` changes, and when the daemon
 * has come back. The last value is kept until there is another one. The signal is aborted
 * when nobody waits for the answer any more.
 */
export function useAnswer<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  about: readonly unknown[],
): Answer<Value> {
  const [answer, setAnswer] = useState<Answer<Value>>({ isPending: true });
  useEffect(() => {
    const abort = new AbortController();
    setAnswer(({ value }) => ({ ...(value !== undefined && { value }), isPending: true }));
    ask(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setAnswer({ value, isPending: false });
      },
      (error: unknown) => {
        if (abort.signal.aborted || isAbort(error)) return;
        noteError(error);
        setAnswer({ error, isPending: false });
      },
    );
    return (): void => {
      abort.abort();
    };
  }, [...about, generation.value]);
  return answer;
}
