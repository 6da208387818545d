// SPDX-License-Identifier: Apache-2.0

/** Questions before something that can't be undone. There is one at a time. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { Dialog } from "./dialog.js";

interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button that agrees says, such as "Delete". */
  readonly agree: string;
  readonly action: () => void;
}

const asked = signal<Question | undefined>(undefined);

/** Asks the user, and does it if they agree. */
export function askFirst(question: Question): void {
  asked.value = question;
}

function close(): void {
  asked.value = undefined;
}

/** Where the question appears; once in the page. */
export function QuestionPlace(): JSX.Element | null {
  const question = asked.value;
  if (!question) return null;
  return (
    <Dialog title={question.title} onClose={close}>
      <p>{question.text}</p>
      <div class="dialog-buttons">
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            close();
            question.action();
          }}
        >
          {question.agree}
        </button>
      </div>
    </Dialog>
  );
}
