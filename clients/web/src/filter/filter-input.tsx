// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import "../style/filter.css";
import type { FilterCheck } from "./check.js";
import { type Completer, type Completion, completed } from "./completion.js";
import { CompletionListbox, optionId } from "./completion-listbox.js";
import { useCompletion } from "./use-completion.js";

export interface FilterInputProps {
  readonly id?: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
  /** The user has pressed Enter. */
  readonly onEnter?: () => void;
  /** The user has pressed Escape, and no list was open. */
  readonly onEscape?: () => void;
  readonly check: FilterCheck;
  readonly completer: Completer;
  readonly isDisabled?: boolean;
}

const SIGNS = { empty: "", valid: "✓", warning: "⚠", error: "✕", unknown: "?" } as const;
const STATE_NAMES = {
  empty: "",
  valid: "The filter is valid.",
  warning: "Warning:",
  error: "Error:",
  unknown: "The filter can't be checked:",
} as const;

/** What lies behind the text, and underlines the place where it is wrong. */
function Marks({ text, check, left }: MarksProps): JSX.Element | null {
  const { range } = check;
  if (!range || check.text !== text) return null;
  return (
    <div class="filter-marks" aria-hidden="true">
      <span style={{ transform: `translateX(${String(-left)}px)` }}>
        {text.slice(0, range.start)}
        <mark>{text.slice(range.start, range.end)}</mark>
      </span>
    </div>
  );
}

interface MarksProps {
  readonly text: string;
  readonly check: FilterCheck;
  /** How far the text has scrolled. */
  readonly left: number;
}

/** An input for filters, which says while one types whether they are right, and completes. */
export function FilterInput(props: FilterInputProps): JSX.Element {
  const { label, value, check, onInput } = props;
  const ownId = useId();
  const id = props.id ?? ownId;
  const input = useRef<HTMLInputElement>(null);
  const [left, setLeft] = useState(0);
  const [isFocused, setFocused] = useState(false);
  const cursor = useRef<number | undefined>(undefined);
  const list = useCompletion(props.completer);
  const isOpen = isFocused && list.items.length > 0;

  useLayoutEffect(() => {
    if (cursor.current === undefined) return;
    input.current?.setSelectionRange(cursor.current, cursor.current);
    cursor.current = undefined;
  }, [value]);

  useEffect(() => {
    setLeft(input.current?.scrollLeft ?? 0);
  }, [value]);

  function insert(item: Completion): void {
    const result = completed(value, item);
    cursor.current = result.cursor;
    list.close();
    onInput(result.text);
    input.current?.focus();
  }

  function insertActive(): boolean {
    const item = isOpen ? list.items[list.active] : undefined;
    if (item) insert(item);
    return item !== undefined;
  }

  function askHere(): void {
    list.ask(value, input.current?.selectionStart ?? value.length, 0);
  }

  function onArrow(by: 1 | -1): void {
    if (isOpen) list.move(by);
    else askHere();
  }

  function onEscape(): void {
    if (isOpen) list.close();
    else props.onEscape?.();
  }

  function onEnter(): void {
    if (insertActive()) return;
    list.close();
    props.onEnter?.();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const { key } = event;
    if (key === "ArrowDown") onArrow(1);
    else if (key === "ArrowUp") onArrow(-1);
    else if (key === " " && event.ctrlKey) askHere();
    else if (key === "Escape" && (isOpen || props.onEscape)) onEscape();
    else if (key === "Enter" && (props.onEnter !== undefined || list.active >= 0)) onEnter();
    else if (key !== "Tab" || !insertActive()) return;
    event.preventDefault();
  }

  return (
    <div class={`filter-input ${check.state}`}>
      <div class="filter-field">
        <Marks text={value} check={check} left={left} />
        <input
          ref={input}
          id={id}
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded={isOpen}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && list.active >= 0 ? optionId(id, list.active) : undefined}
          aria-invalid={check.state === "error"}
          aria-describedby={`${id}-message`}
          placeholder={props.placeholder}
          disabled={props.isDisabled}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={value}
          onInput={({ currentTarget }) => {
            onInput(currentTarget.value);
            list.ask(currentTarget.value, currentTarget.selectionStart ?? 0);
          }}
          onKeyDown={onKeyDown}
          onScroll={({ currentTarget }) => {
            setLeft(currentTarget.scrollLeft);
          }}
          onFocus={() => {
            setFocused(true);
          }}
          onBlur={() => {
            setFocused(false);
            list.close();
          }}
        />
        <span class="filter-sign" aria-hidden="true">
          {SIGNS[check.state]}
        </span>
      </div>
      <div class="filter-below">
        <p id={`${id}-message`} class="filter-message" role="status">
          <span class={check.message ? "" : "only-read"}>{STATE_NAMES[check.state]}</span>{" "}
          {check.message} <span class="advice">{check.message && check.advice}</span>
        </p>
        <CompletionListbox
          id={id}
          label="Completions"
          items={isOpen ? list.items : []}
          active={list.active}
          onChoose={insert}
        />
      </div>
    </div>
  );
}
