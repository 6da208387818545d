// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { client } from "../daemon/connection.js";
import { Chart } from "../ui/chart.js";
import { Failure } from "../ui/failure.js";
import type { CaptureWatch } from "./capture-watch.js";
import { droppedBy, nowText } from "./capture-state.js";
import { count, size } from "./format.js";
import { lineOf, type LiveRate, protocolLines, topProtocols } from "./rate-history.js";
import type { Talker } from "./talkers.js";
import { TalkersWatch } from "./talkers-watch.js";

const HEIGHT = 145;
const PROTOCOLS = 5;

interface PanelProps {
  readonly title: string;
  readonly value: string;
  readonly children: JSX.Element;
}

function Panel({ title, value, children }: PanelProps): JSX.Element {
  return (
    <section class="live-panel" aria-label={title}>
      <h2>
        {title} <span class="now">{value}</span>
      </h2>
      {children}
    </section>
  );
}

function Protocols({ watch }: { readonly watch: CaptureWatch }): JSX.Element {
  const rates = watch.rates.value;
  const names = topProtocols(rates, PROTOCOLS);
  const data = useMemo(() => protocolLines(rates, names), [rates]);
  const series = names.map((label, index) => ({
    label,
    color: `--series-${String(index + 2)}`,
  }));
  return (
    <Panel title="Protocols (packets/s)" value="">
      <>
        <Chart
          label={`Packets per second of the protocols ${names.join(", ")}`}
          height={HEIGHT - 18}
          isTime
          startsAtZero
          series={series}
          data={data}
        />
        <ul class="live-legend">
          {series.map(({ label, color }) => (
            <li key={label}>
              <i style={{ background: `var(${color})` }} />
              {label}
            </li>
          ))}
        </ul>
      </>
    </Panel>
  );
}

function TalkerRow({ talker, most }: { talker: Talker; most: number }): JSX.Element {
  return (
    <tr>
      <th scope="row">{talker.address}</th>
      <td>{count(talker.packets)}</td>
      <td>
        <span class="share" style={{ "--share": `${String((100 * talker.bytes) / most)}%` }}>
          {size(talker.bytes)}
        </span>
      </td>
    </tr>
  );
}

function TopTalkers({ name }: { readonly name: string }): JSX.Element {
  const caller = client.value;
  const watch = useMemo(() => new TalkersWatch(caller, name), [caller, name]);
  useEffect(() => watch.start(), [watch]);
  const talkers = watch.talkers.value;
  const error = watch.error.value;
  return (
    <Panel title="Top talkers" value="packets, bytes">
      <div class="talkers">
        {error !== undefined && <Failure error={error} />}
        <table aria-label="Top talkers">
          <tbody>
            {talkers.map((talker) => (
              <TalkerRow key={talker.address} talker={talker} most={talkers[0]?.bytes ?? 1} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

interface RateChartProps extends Omit<PanelProps, "children"> {
  readonly label: string;
  readonly unit: string;
  readonly color: string;
  readonly rates: readonly LiveRate[];
  readonly valueOf: (rate: LiveRate) => number | null;
}

/** A panel with one line. */
function RateChart(props: RateChartProps): JSX.Element {
  const { title, value, label, unit, color, rates, valueOf } = props;
  const data = useMemo(() => lineOf(rates, valueOf), [rates]);
  const series = [{ label: unit, color }];
  return (
    <Panel title={title} value={value}>
      <Chart label={label} height={HEIGHT} isTime startsAtZero series={series} data={data} />
    </Panel>
  );
}

function dropsText(watch: CaptureWatch): string {
  const lost = watch.info.value && droppedBy(watch.info.value);
  if (lost !== undefined) return `${count(lost)} in all`;
  const now = watch.rateNow.value?.dropsPerSecond;
  return nowText(now, (drops) => `${count(drops)}/s at the interface`);
}

/** The rates of a capture as charts, and the addresses with the most traffic. */
export function LiveCharts({ watch }: { readonly watch: CaptureWatch }): JSX.Element {
  const rates = watch.rates.value;
  const now = watch.rateNow.value;
  return (
    <div class="live-charts">
      <RateChart
        title="Packets/s"
        value={nowText(now?.packetsPerSecond, count)}
        label="Packets per second"
        unit="packets/s"
        color="--series-1"
        rates={rates}
        valueOf={({ packetsPerSecond }) => packetsPerSecond}
      />
      <RateChart
        title="Bytes (kB/s)"
        value={nowText(now?.bytesPerSecond, (bytes) => `${size(bytes)}/s`)}
        label="Kilobytes per second"
        unit="kB/s"
        color="--series-3"
        rates={rates}
        valueOf={({ bytesPerSecond }) => bytesPerSecond / 1000}
      />
      <RateChart
        title="Drops"
        value={dropsText(watch)}
        label="Packets per second that the kernel dropped at the interfaces"
        unit="drops/s"
        color="--series-2"
        rates={rates}
        valueOf={({ dropsPerSecond }) => dropsPerSecond}
      />
      <Protocols watch={watch} />
      <TopTalkers name={watch.name} />
    </div>
  );
}
