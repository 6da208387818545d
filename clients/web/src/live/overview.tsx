// SPDX-License-Identifier: Apache-2.0

import type { Capture } from "@dissectd/client/api";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { address, setQuery } from "../app/address.js";
import { attempt } from "../app/notices.js";
import { state } from "../daemon/connection.js";
import { Failure } from "../ui/failure.js";
import { timeOf } from "../start/texts.js";
import { Table, type TableColumn } from "../ui/table.js";
import { openLive } from "./capture-actions.js";
import { CaptureDialog } from "./capture-dialog.js";
import { StateBadge } from "./capture-buttons.js";
import { explainEnd, filtersOf, stateName, titleOf } from "./capture-state.js";
import { useCaptures } from "./captures.js";
import { count } from "./format.js";
import { Tile } from "./tile.js";

const FINISHED: readonly TableColumn<Capture>[] = [
  {
    title: "Capture",
    value: titleOf,
    show: (capture) => <a href={`#/live/${capture.name}`}>{titleOf(capture)}</a>,
  },
  { title: "State", value: stateName, show: (capture) => <StateBadge capture={capture} /> },
  { title: "Capture filter", value: filtersOf },
  {
    title: "Packets",
    value: ({ packetsWritten }) => packetsWritten,
    show: ({ packetsWritten }) => count(Number(packetsWritten)),
  },
  {
    title: "Started",
    value: ({ createTime }) => timeOf(createTime),
  },
  { title: "Owner", value: ({ owner }) => owner },
  { title: "End", value: (capture) => explainEnd(capture)?.message ?? "" },
];

/** Larger text on the whole screen, for a wall; Escape leaves it. */
function useWall(): readonly [boolean, (isWall: boolean) => void] {
  const isWall = address.value.query["wall"] === "1";
  useEffect(() => {
    const onChange = (): void => {
      if (!document.fullscreenElement) setQuery({ wall: undefined });
    };
    document.addEventListener("fullscreenchange", onChange);
    return (): void => {
      document.removeEventListener("fullscreenchange", onChange);
    };
  }, []);
  function change(wanted: boolean): void {
    setQuery({ wall: wanted ? "1" : undefined });
    attempt(async () => {
      if (wanted) await document.documentElement.requestFullscreen();
      else if (document.fullscreenElement) await document.exitFullscreen();
    });
  }
  return [isWall, change];
}

/** All captures: those that run as tiles, and the others as a table. */
export function Overview(): JSX.Element {
  const { all, seen, error } = useCaptures();
  const [isWall, setWall] = useWall();
  const isDialogOpen = address.value.query["new"] === "1";
  const names = new Set(seen.map(({ name }) => name));
  const finished = all?.filter(({ name }) => !names.has(name)) ?? [];
  return (
    <div class={isWall ? "live-overview wall" : "live-overview"}>
      <header class="capture-header">
        <h1>Live captures</h1>
        <nav>
          <button
            type="button"
            class="primary"
            onClick={() => {
              setQuery({ new: "1" });
            }}
          >
            <span aria-hidden="true">●</span> New capture …
          </button>
          <button
            type="button"
            aria-pressed={isWall}
            onClick={() => {
              setWall(!isWall);
            }}
          >
            Full screen
          </button>
        </nav>
      </header>
      {state.value === "offline" && (
        <p class="failure" role="alert">
          The daemon is away, and this is what was known before. The page goes on once it is back.
        </p>
      )}
      {state.value === "online" && error !== undefined && <Failure error={error} />}
      {all && seen.length === 0 && (
        <p class="live-empty">No capture is running. Start one with “New capture …”.</p>
      )}
      <ul class="tiles" aria-label="Running captures">
        {seen.map((capture) => (
          <Tile key={capture.name} capture={capture} />
        ))}
      </ul>
      {!isWall && finished.length > 0 && (
        <section class="finished" aria-label="Finished captures">
          <h2>Finished captures</h2>
          <Table
            label="Finished captures"
            columns={FINISHED}
            rows={finished}
            keyOf={({ name }) => name}
            onOpen={({ name }) => {
              openLive(name);
            }}
          />
        </section>
      )}
      {isDialogOpen && (
        <CaptureDialog
          onClose={() => {
            setQuery({ new: undefined }, { replace: true });
          }}
        />
      )}
    </div>
  );
}
