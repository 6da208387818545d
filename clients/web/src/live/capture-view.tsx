// SPDX-License-Identifier: Apache-2.0

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Capture } from "@dissectd/client/api";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { address, formatAddress } from "../app/address.js";
import { client, state } from "../daemon/connection.js";
import { explain } from "../daemon/errors.js";
import { Failure } from "../ui/failure.js";
import { Split } from "../ui/split.js";
import { CaptureButtons, StateBadge } from "./capture-buttons.js";
import { droppedBy, explainEnd, filtersOf, titleOf } from "./capture-state.js";
import { CaptureWatch } from "./capture-watch.js";
import { count, elapsed } from "./format.js";
import { LiveCharts } from "./live-charts.js";
import { LivePackets } from "./live-packets.js";

function useWatch(name: string): CaptureWatch {
  const caller = client.value;
  const watch = useMemo(() => new CaptureWatch(caller, name), [caller, name]);
  useEffect(() => watch.start(), [watch]);
  return watch;
}

/** How long a capture has run; the time of the last rate is the daemon's. */
function runTime(watch: CaptureWatch, { createTime, endTime }: Capture): string {
  if (!createTime) return "";
  const last = endTime ? timestampMs(endTime) : watch.rates.value.at(-1)?.time.getTime();
  return last === undefined ? "" : elapsed(last - timestampMs(createTime));
}

function Filters({ capture }: { readonly capture: Capture }): JSX.Element | null {
  const filters = filtersOf(capture);
  return filters ? <span class="advice">Capture filter: {filters}</span> : null;
}

function Header(props: { readonly watch: CaptureWatch; readonly capture: Capture }): JSX.Element {
  const { watch, capture } = props;
  const dropped = droppedBy(capture);
  const { query } = address.value;
  return (
    <header class="capture-header">
      <h1>{titleOf(capture)}</h1>
      <StateBadge capture={capture} />
      <span>
        <strong>{count(watch.packets.value)}</strong> packets
      </span>
      {dropped !== undefined && <span>{count(dropped)} dropped</span>}
      <span>{runTime(watch, capture)}</span>
      <Filters capture={capture} />
      <nav>
        <CaptureButtons capture={capture} />
        <a href={formatAddress({ view: "packets", source: capture.name, query })}>Packets</a>
        <a href={formatAddress({ view: "statistics", source: capture.name, query })}>Statistics</a>
        <a href="#/live">All captures</a>
      </nav>
    </header>
  );
}

/** What the user should know about the capture: its end, the connection, and dumpcap's words. */
function Remarks(props: { readonly watch: CaptureWatch; readonly capture: Capture }): JSX.Element {
  const { watch, capture } = props;
  const end = explainEnd(capture);
  const error = watch.error.value === undefined ? undefined : explain(watch.error.value);
  const isAway = state.value === "offline" && watch.isActive.value;
  const isBad = end !== undefined && end.advice !== "";
  return (
    <div class="remarks" role="status">
      {isAway && (
        <p class="bad">
          The page goes on with this capture once the daemon is back. If its operator lets captures
          go on meanwhile, their packets are shown then.
        </p>
      )}
      {error && (
        <p class="bad">
          {error.message} {error.advice}
        </p>
      )}
      {end && (
        <p class={isBad ? "bad" : ""}>
          {end.message} {end.advice}
        </p>
      )}
      {watch.messages.value.map((message, index) => (
        <p key={index}>{message}</p>
      ))}
    </div>
  );
}

/** A capture with its charts and its last packets. */
export function CaptureView({ name }: { readonly name: string }): JSX.Element {
  const watch = useWatch(name);
  const capture = watch.info.value;
  const error = watch.error.value;
  if (error !== undefined && !capture) {
    return (
      <div class="live-empty">
        <Failure error={error} />
        <a href="#/live">All captures</a>
      </div>
    );
  }
  if (!capture) return <p class="pending">asking for the capture …</p>;
  return (
    <div class="capture-view">
      <Header watch={watch} capture={capture} />
      <Remarks watch={watch} capture={capture} />
      <Split direction="rows" name="live" initial={0.3}>
        <LiveCharts watch={watch} />
        <LivePackets name={name} />
      </Split>
    </div>
  );
}
