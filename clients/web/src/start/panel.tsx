// SPDX-License-Identifier: Apache-2.0

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

export interface PanelProps {
  readonly title: string;
  /** What stands beside the title, such as buttons. */
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of the start page. */
export function Panel({ title, tools, children }: PanelProps): JSX.Element {
  const heading = useId();
  return (
    <section class="panel" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        {tools}
      </header>
      {children}
    </section>
  );
}
