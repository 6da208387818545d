// SPDX-License-Identifier: Apache-2.0

import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";

const STEP = 0.02;
const LEAST = 0.05;

export interface SplitProps {
  readonly direction: "rows" | "columns";
  /** Under which name the browser remembers the position. */
  readonly name: string;
  /** The part of the first pane, from 0 to 1, until the user has moved it. */
  readonly initial: number;
  readonly children: readonly [ComponentChildren, ComponentChildren];
}

function stored(key: string, initial: number): number {
  const value = Number(localStorage.getItem(key) ?? Number.NaN);
  return value >= LEAST && value <= 1 - LEAST ? value : initial;
}

/** Two panes with a bar between them, which the mouse and the arrow keys move. */
export function Split({ direction, name, initial, children }: SplitProps): JSX.Element {
  const key = `dissectd.split.${name}`;
  const box = useRef<HTMLDivElement>(null);
  const [part, setPart] = useState(() => stored(key, initial));
  const isRows = direction === "rows";

  function move(to: number): void {
    const kept = Math.min(1 - LEAST, Math.max(LEAST, to));
    setPart(kept);
    localStorage.setItem(key, String(kept));
  }

  function follow(event: PointerEvent): void {
    const area = box.current?.getBoundingClientRect();
    if (!area) return;
    move(
      isRows ? (event.clientY - area.top) / area.height : (event.clientX - area.left) / area.width,
    );
  }

  const sizes = `minmax(0, ${String(part)}fr) auto minmax(0, ${String(1 - part)}fr)`;
  return (
    <div
      ref={box}
      class={`split ${direction}`}
      style={isRows ? { gridTemplateRows: sizes } : { gridTemplateColumns: sizes }}
    >
      <div class="pane">{children[0]}</div>
      <div
        class="split-bar"
        role="separator"
        tabIndex={0}
        aria-label="Size of the panes"
        aria-orientation={isRows ? "horizontal" : "vertical"}
        aria-valuenow={Math.round(part * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event);
        }}
        onKeyDown={({ key: pressed }) => {
          if (pressed === (isRows ? "ArrowUp" : "ArrowLeft")) move(part - STEP);
          if (pressed === (isRows ? "ArrowDown" : "ArrowRight")) move(part + STEP);
        }}
      />
      <div class="pane">{children[1]}</div>
    </div>
  );
}
