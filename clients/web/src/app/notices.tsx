// SPDX-License-Identifier: Apache-2.0

/**
 * Messages that appear over the page: errors stay until they are dismissed, or the user goes
 * to another view.
 */
import { effect, signal } from "@preact/signals";
import type { JSX } from "preact";
import { noteError } from "../daemon/connection.js";
import { explain, isAbort } from "../daemon/errors.js";
import { address } from "./address.js";

interface Notice {
  readonly key: number;
  readonly kind: "error" | "done";
  readonly message: string;
  readonly advice: string;
}

const DONE_MS = 4000;
const notices = signal<readonly Notice[]>([]);
let lastKey = 0;

function dismiss(key: number): void {
  notices.value = notices.value.filter((notice) => notice.key !== key);
}

/** Takes errors away that were about another view, from now on. */
export function followViews(): void {
  let shown = "";
  effect(() => {
    const { view, source } = address.value;
    const now = `${view} ${source}`;
    if (shown !== "" && shown !== now) {
      notices.value = notices.peek().filter(({ kind }) => kind !== "error");
    }
    shown = now;
  });
}

function add(notice: Omit<Notice, "key">): number {
  const same = notices.value.find(({ message }) => message === notice.message);
  if (same) return same.key;
  const key = ++lastKey;
  notices.value = [...notices.value, { ...notice, key }];
  return key;
}

/** Shows an error, with what to do about it. */
export function showError(error: unknown): void {
  if (isAbort(error)) return;
  noteError(error);
  add({ kind: "error", ...explain(error) });
}

/** Tells for some seconds that something has been done. */
export function showDone(message: string): void {
  const key = add({ kind: "done", message, advice: "" });
  setTimeout(() => {
    dismiss(key);
  }, DONE_MS);
}

/** Runs what the user has asked for, and shows its error. */
export function attempt(action: () => Promise<unknown>): void {
  action().catch(showError);
}

export function Notices(): JSX.Element {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map(({ key, kind, message, advice }) => (
        <div key={key} class={`notice ${kind}`}>
          <p>
            {message} <span class="advice">{advice}</span>
          </p>
          <button
            type="button"
            aria-label="Dismiss"
            onClick={() => {
              dismiss(key);
            }}
          >
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
