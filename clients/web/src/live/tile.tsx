// SPDX-License-Identifier: Apache-2.0

import type { Capture } from "@dissectd/client/api";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { client } from "../daemon/connection.js";
import { explain } from "../daemon/errors.js";
import { Sparkline } from "../ui/sparkline.js";
import { CaptureButtons, StateBadge } from "./capture-buttons.js";
import { droppedBy, explainEnd, filtersOf, nowText, titleOf } from "./capture-state.js";
import { CaptureWatch } from "./capture-watch.js";
import { count, size } from "./format.js";
import { PacketFeed, type PacketRow } from "./packet-feed.js";

const LAST_PACKETS = 5;
const SUMMARY = ["src", "dst", "protocol", "info"];

function summaryOf({ texts: [source, destination, ...others] }: PacketRow): string {
  return [source, destination && "→", destination, ...others].filter(Boolean).join(" ");
}
const SPARK_POINTS = 120;

function LastPackets({ name }: { readonly name: string }): JSX.Element {
  const caller = client.value;
  const feed = useMemo(
    () => new PacketFeed(caller, name, { capacity: LAST_PACKETS, columns: SUMMARY }),
    [caller, name],
  );
  useEffect(() => feed.start(), [feed]);
  const version = feed.version.value;
  const packets = useMemo(() => feed.ring.last(LAST_PACKETS), [feed, version]);
  return (
    <ol class="last-packets" aria-label="Last packets">
      {packets.map((packet) => (
        <li key={packet.number}>{summaryOf(packet)}</li>
      ))}
    </ol>
  );
}

function dropsOf(watch: CaptureWatch, capture: Capture): string {
  const dropped = droppedBy(capture);
  if (dropped !== undefined) return count(dropped);
  return nowText(watch.rateNow.value?.dropsPerSecond, (drops) => `${count(drops)}/s`);
}

/** A capture on the wall: its state, its traffic and its last packets. */
export function Tile({ capture: listed }: { readonly capture: Capture }): JSX.Element {
  const caller = client.value;
  const { name } = listed;
  const watch = useMemo(() => new CaptureWatch(caller, name), [caller, name]);
  useEffect(() => watch.start(), [watch]);
  const capture = watch.info.value ?? listed;
  const rates = watch.rates.value;
  const now = watch.rateNow.value;
  const end = explainEnd(capture);
  const error = watch.error.value;
  const title = titleOf(capture);
  return (
    <li class="tile" aria-label={`Capture on ${title}`}>
      <header>
        <h2>
          <a href={`#/live/${name}`}>{title}</a> <span class="advice">{filtersOf(capture)}</span>
        </h2>
        <StateBadge capture={capture} />
      </header>
      <Sparkline
        label={`Packets per second of the last ${String(SPARK_POINTS)} seconds`}
        values={rates.slice(-SPARK_POINTS).map(({ packetsPerSecond }) => packetsPerSecond)}
        room={SPARK_POINTS}
      />
      <dl>
        <div>
          <dt>Packets</dt>
          <dd>{count(watch.packets.value)}</dd>
        </div>
        <div>
          <dt>Packets/s</dt>
          <dd>{nowText(now?.packetsPerSecond, count)}</dd>
        </div>
        <div>
          <dt>Bytes/s</dt>
          <dd>{nowText(now?.bytesPerSecond, size)}</dd>
        </div>
        <div>
          <dt>Drops</dt>
          <dd>{dropsOf(watch, capture)}</dd>
        </div>
      </dl>
      {end && (
        <p class={end.advice ? "bad" : "advice"}>
          {end.message} {end.advice}
        </p>
      )}
      {error !== undefined && <p class="bad">{explain(error).message}</p>}
      <LastPackets name={name} />
      <CaptureButtons capture={capture} />
    </li>
  );
}
