// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { create } from "@bufbuild/protobuf";
import { CaptureOptionsSchema, type Interface } from "@dissectd/client/api";
import { useEffect, useState } from "preact/hooks";
import { attempt } from "../app/notices.js";
import { client, generation } from "../daemon/connection.js";
import { startCapture } from "../live/capture-actions.js";
import { CaptureFilterInput } from "../filter/capture-filter-input.js";
import { count, size } from "../live/format.js";
import { startReading } from "../live/keep-reading.js";
import { Failure } from "../ui/failure.js";
import { Sparkline } from "../ui/sparkline.js";
import { useAnswer } from "../ui/use-answer.js";
import { addCounters, HISTORY, type InterfaceRate, NO_RATES } from "./interface-rates.js";
import { Panel } from "./panel.js";

interface Watch {
  readonly rates: ReadonlyMap<string, InterfaceRate>;
  /** Counts how often interfaces have appeared or disappeared. */
  readonly changes: number;
  readonly error?: unknown;
}

/** Follows the traffic of all interfaces by one stream. */
function useInterfaceRates(): Watch {
  const [watch, setWatch] = useState<Watch>({ rates: new Map(), changes: 0 });
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const read = async (onProgress: () => void): Promise<void> => {
      let last = NO_RATES;
      const { capture } = client.value.services;
      for await (const response of capture.watchInterfaceStatistics({}, { signal })) {
        onProgress();
        last = addCounters(last, response);
        const { rates } = last;
        const changed = response.changes.length > 0 ? 1 : 0;
        setWatch(({ changes }) => ({ rates, changes: changes + changed }));
      }
    };
    return startReading(read, abort, (error) => {
      setWatch(({ rates, changes }) => ({ rates, changes, error }));
    });
  }, [client.value, generation.value]);
  return watch;
}

/** Captures from an interface, with Wireshark's defaults. */
function captureFrom(name: string, captureFilter: string): void {
  const options = create(CaptureOptionsSchema, { interfaces: [{ name, captureFilter }] });
  attempt(() => startCapture(options));
}

function rateText(rate: InterfaceRate | undefined): string {
  if (!rate) return "";
  const packets = `${count(rate.packetsPerSecond)} packets/s`;
  return rate.bytesPerSecond === undefined ? packets : `${packets}, ${size(rate.bytesPerSecond)}/s`;
}

interface RowProps {
  readonly each: Interface;
  readonly rate: InterfaceRate | undefined;
  readonly filter: string;
}

function InterfaceRow({ each, rate, filter }: RowProps): JSX.Element {
  const { name, friendlyName, vendorName, addresses } = each;
  const text = rateText(rate);
  const start = (): void => {
    captureFrom(name, filter);
  };
  return (
    <li onDblClick={start} title={[vendorName, ...addresses].filter(Boolean).join("\n")}>
      <span class="interface-name">
        {friendlyName ? `${friendlyName}: ${name}` : name}
        <span class="advice"> {addresses[0] ?? ""}</span>
      </span>
      <Sparkline
        label={`Traffic of ${name}: ${text || "not known"}`}
        values={rate?.history ?? []}
        room={HISTORY}
      />
      <span class="rate">{text}</span>
      <button
        type="button"
        aria-label={`Start capturing from ${name}`}
        onClick={start}
        onDblClick={(event) => {
          event.stopPropagation();
        }}
      >
        Start
      </button>
    </li>
  );
}

/** Wireshark's list of interfaces, with what goes through them. */
export function InterfacesPanel(): JSX.Element {
  const [filter, setFilter] = useState("");
  const watch = useInterfaceRates();
  const { value, error } = useAnswer(
    () => client.value.interfaces(),
    [client.value, watch.changes],
  );
  return (
    <Panel title="Capture" tools={<a href="#/live?new=1">Capture options …</a>}>
      <div class="line">
        <span>… using this filter:</span>
        <CaptureFilterInput label="… using this filter:" value={filter} onChange={setFilter} />
      </div>
      {error !== undefined && <Failure error={error} />}
      {error === undefined && watch.error !== undefined && <Failure error={watch.error} />}
      {value?.length === 0 && (
        <p class="advice">
          The daemon may capture from no interface. Ask the operator for the right.
        </p>
      )}
      <ul class="interfaces" aria-label="Interfaces">
        {value?.map((each) => (
          <InterfaceRow
            key={each.name}
            each={each}
            rate={watch.rates.get(each.name)}
            filter={filter}
          />
        ))}
      </ul>
    </Panel>
  );
}
