// SPDX-License-Identifier: Apache-2.0

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** Whether it fills most of the window. */
  readonly isLarge?: boolean;
}

// The browser's choice is the button that closes the dialog.
function focusFirstInput(dialog: HTMLDialogElement | null): void {
  const inputs = ":is(input, select, textarea):not(:disabled)";
  const input = dialog?.querySelector<HTMLElement>(`:scope > :not(header) ${inputs}`);
  input?.focus();
  if (input instanceof HTMLInputElement) input.select();
}

/** A window over the page. Escape closes it. */
export function Dialog({ title, onClose, children, isLarge = false }: DialogProps): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const opener = document.activeElement;
    element.current?.showModal();
    focusFirstInput(element.current);
    return (): void => {
      // Nothing else takes the focus while the dialog is still there.
      queueMicrotask(() => {
        if (opener instanceof HTMLElement && document.activeElement === document.body) {
          opener.focus();
        }
      });
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={isLarge ? "dialog large" : "dialog"}
      aria-labelledby={heading}
      onClose={onClose}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" aria-label="Close" onClick={onClose}>
          ×
        </button>
      </header>
      {children}
    </dialog>
  );
}
