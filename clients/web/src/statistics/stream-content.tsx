// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { address, setQuery } from "../app/address.js";
import { FrameLink } from "./report-parts.js";
import { splitAt, type StreamText } from "./stream-text.js";

/** The text of one side, with what is searched for marked. */
function MarkedText({ text, wanted }: { text: string; wanted: string }): JSX.Element {
  return (
    <>
      {splitAt(text, wanted).map((part, index) =>
        index % 2 === 1 ? <mark key={index}>{part}</mark> : part,
      )}
    </>
  );
}

function FindBar(props: {
  readonly count: number;
  readonly wanted: string;
  readonly onWanted: (text: string) => void;
  readonly onNext: () => void;
}): JSX.Element {
  const { count, wanted, onWanted, onNext } = props;
  return (
    <form
      class="find"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <label>
        Find{" "}
        <input
          type="search"
          value={wanted}
          onInput={({ currentTarget }) => {
            onWanted(currentTarget.value);
          }}
        />
      </label>
      <button type="submit" disabled={count === 0}>
        Find Next
      </button>
      <span role="status">{wanted && (count === 1 ? "1 place" : `${String(count)} places`)}</span>
    </form>
  );
}

/** The bytes of a stream in Wireshark's colors, each part with its packet. */
export function StreamContent({ texts }: { texts: readonly StreamText[] }): JSX.Element {
  const { find: wanted = "" } = address.value.query;
  const [current, setCurrent] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const count = useMemo(
    () => texts.reduce((sum, { text }) => sum + (splitAt(text, wanted).length - 1) / 2, 0),
    [texts, wanted],
  );

  useEffect(() => {
    const marks = box.current?.querySelectorAll("mark") ?? [];
    marks.forEach((mark, index) => {
      mark.classList.toggle("current", index === current);
    });
    marks[current]?.scrollIntoView({ block: "nearest" });
  }, [current, wanted, texts]);

  return (
    <>
      <div ref={box} class="stream-content" role="region" aria-label="Stream content" tabIndex={0}>
        {texts.map(({ fromServer, frame, text }, index) => (
          <div key={index} class={fromServer ? "piece server" : "piece client"}>
            <span class="piece-frame">
              <FrameLink frame={frame} />
            </span>
            <pre>
              <MarkedText text={text} wanted={wanted} />
            </pre>
          </div>
        ))}
      </div>
      <FindBar
        count={count}
        wanted={wanted}
        onWanted={(text) => {
          setQuery({ find: text }, { replace: true });
          setCurrent(0);
        }}
        onNext={() => {
          setCurrent((current + 1) % count);
        }}
      />
    </>
  );
}
