// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef, useState } from "preact/hooks";
import { noteError } from "../daemon/connection.js";
import { type Completer, type Completion, useful } from "./completion.js";
import { TYPING_MS } from "./use-check.js";

export interface CompletionList {
  readonly items: readonly Completion[];
  /** The item that the arrow keys have reached; -1 if none. */
  readonly active: number;
  /** Asks for what can be inserted at a cursor, at once or when the user stops typing. */
  ask(text: string, cursor: number, delay?: number): void;
  /** Moves to the next or the previous item. */
  move(by: 1 | -1): void;
  close(): void;
}

/** The list of what can be inserted where the user types. Old answers are dropped. */
export function useCompletion(completer: Completer): CompletionList {
  const [items, setItems] = useState<readonly Completion[]>([]);
  const [active, setActive] = useState(-1);
  const question = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  function close(): void {
    question.current++;
    clearTimeout(timer.current);
    setItems([]);
    setActive(-1);
  }

  useEffect(() => close, []);

  function show(asked: number, found: readonly Completion[]): void {
    if (asked !== question.current) return;
    setItems(found);
    setActive(-1);
  }

  return {
    items,
    active,
    close,
    ask(text, cursor, delay = TYPING_MS): void {
      const asked = ++question.current;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        completer(text, cursor).then((found) => {
          show(asked, useful(text, found));
        }, noteError);
      }, delay);
    },
    move(by): void {
      // The place between the last and the first item is the input itself.
      const places = items.length + 1;
      setActive(((active + 1 + by + places) % places) - 1);
    },
  };
}
