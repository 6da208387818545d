// SPDX-License-Identifier: Apache-2.0

import { useEffect, useState } from "preact/hooks";
import { generation, noteError } from "../daemon/connection.js";
import { type Checker, EMPTY_CHECK, type FilterCheck } from "./check.js";

/** How long a user who types is left alone, in milliseconds. */
export const TYPING_MS = 120;

/**
 * Returns what the daemon says about a text, once the user doesn't type any more. Until
 * then it is the answer about the text before.
 */
export function useCheck(text: string, checker: Checker): FilterCheck {
  const [check, setCheck] = useState(EMPTY_CHECK);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      void checker(text).then((answer) => {
        if (!isCurrent) return;
        noteError(answer.cause);
        setCheck(answer);
      });
    }, TYPING_MS);
    return (): void => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, checker, generation.value]);
  // A filter that was removed isn't wrong any more.
  return text === "" ? EMPTY_CHECK : check;
}
