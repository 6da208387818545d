// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { attempt } from "../app/notices.js";
import { type Find, FIND_KINDS, FIND_PLACES, findNext, isFindBarOpen, searchOf } from "./find.js";

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly values: readonly Value[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

function Choice<Value extends string>(props: ChoiceProps<Value>): JSX.Element {
  const { label, values, value, onChange } = props;
  return (
    <select
      aria-label={label}
      value={value}
      onChange={({ currentTarget }) => {
        const chosen = values.find((text) => text === currentTarget.value);
        if (chosen !== undefined) onChange(chosen);
      }}
    >
      {values.map((text) => (
        <option key={text}>{text}</option>
      ))}
    </select>
  );
}

const NOTHING: Find = {
  kind: "Display filter",
  place: "Packet list",
  text: "",
  caseSensitive: false,
};

/** Finds packets one after the other. Escape closes it. */
export function FindBar(): JSX.Element {
  const [find, setFind] = useState(NOTHING);
  const input = useRef<HTMLInputElement>(null);
  const change = (changes: Partial<Find>): void => {
    setFind({ ...find, ...changes });
  };
  const search = (backward: boolean): void => {
    attempt(async () => {
      await findNext(searchOf(find), backward, !find.caseSensitive);
    });
  };
  useEffect(() => {
    input.current?.focus();
  }, []);
  return (
    <form
      class="find-bar"
      role="search"
      aria-label="Find packet"
      onSubmit={(event) => {
        event.preventDefault();
        search(false);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") isFindBarOpen.value = false;
      }}
    >
      <Choice
        label="Kind"
        values={FIND_KINDS}
        value={find.kind}
        onChange={(kind) => {
          change({ kind });
        }}
      />
      {find.kind === "String" && (
        <>
          <Choice
            label="Search in"
            values={FIND_PLACES}
            value={find.place}
            onChange={(place) => {
              change({ place });
            }}
          />
          <label>
            <input
              type="checkbox"
              checked={find.caseSensitive}
              disabled={find.place === "Packet bytes"}
              onChange={({ currentTarget }) => {
                change({ caseSensitive: currentTarget.checked });
              }}
            />
            Case sensitive
          </label>
        </>
      )}
      <input
        ref={input}
        class="find-text"
        aria-label="Find"
        placeholder={find.kind === "Hex value" ? "0a:ff:10" : `Find a ${find.kind.toLowerCase()}`}
        required
        value={find.text}
        onInput={({ currentTarget }) => {
          change({ text: currentTarget.value });
        }}
      />
      <button type="submit">Find</button>
      <button
        type="button"
        disabled={find.text === ""}
        onClick={() => {
          search(true);
        }}
      >
        Find previous
      </button>
      <button
        type="button"
        aria-label="Close the find bar"
        onClick={() => {
          isFindBarOpen.value = false;
        }}
      >
        ×
      </button>
    </form>
  );
}
