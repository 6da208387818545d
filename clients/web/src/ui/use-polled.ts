// SPDX-License-Identifier: Apache-2.0

import { useEffect, useState } from "preact/hooks";
import { client, generation, noteError } from "../daemon/connection.js";
import { isAbort } from "../daemon/errors.js";
import { nextTime } from "./next-time.js";
import type { Answer } from "./use-answer.js";

/** Returns the answer, or nothing if nobody waits for it any more. */
async function answerOf<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  signal: AbortSignal,
): Promise<Answer<Value> | undefined> {
  try {
    const value = await ask(signal);
    return signal.aborted ? undefined : { value, isPending: false };
  } catch (error) {
    if (signal.aborted || isAbort(error)) return undefined;
    noteError(error);
    return { error, isPending: false };
  }
}

async function poll<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  everyMs: number,
  signal: AbortSignal,
  tell: (answer: Answer<Value>) => void,
): Promise<void> {
  for (;;) {
    const answer = await answerOf(ask, signal);
    if (!answer) return;
    tell(answer);
    await nextTime(everyMs, signal);
    if (signal.aborted) return;
  }
}

/**
 * Asks the daemon again and again while a component is shown, and at once when `about`
 * changes. The last answer is kept until there is another one.
 */
export function usePolled<Value>(
  ask: (signal: AbortSignal) => Promise<Value>,
  everyMs: number,
  about: readonly unknown[],
): Answer<Value> {
  const [answer, setAnswer] = useState<Answer<Value>>({ isPending: true });
  useEffect(() => {
    const abort = new AbortController();
    void poll(ask, everyMs, abort.signal, setAnswer);
    return (): void => {
      abort.abort();
    };
  }, [...about, everyMs, client.value, generation.value]);
  return answer;
}
