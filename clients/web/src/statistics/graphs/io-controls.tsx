// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { INTERVALS } from "./intervals.js";
import { chooseInterval, type IoOptions, setSwitch } from "./io-options.js";

interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Switch({ label, isOn, onChange }: SwitchProps): JSX.Element {
  return (
    <label>
      <input
        type="checkbox"
        checked={isOn}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.checked);
        }}
      />
      {label}
    </label>
  );
}

/** What all graphs have: the interval, the axes, and whether they are shown as a table. */
export function IoControls({ options }: { readonly options: IoOptions }): JSX.Element {
  const { interval, isLog, isTimeOfDay, isTable } = options;
  return (
    <div class="io-controls">
      <label>
        Interval{" "}
        <select
          value={String(interval.seconds)}
          onChange={({ currentTarget }) => {
            const chosen = INTERVALS[currentTarget.selectedIndex];
            if (chosen) chooseInterval(chosen);
          }}
        >
          {INTERVALS.map(({ seconds, title }) => (
            <option key={seconds} value={String(seconds)}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <Switch
        label="Time of day"
        isOn={isTimeOfDay}
        onChange={(isOn) => {
          setSwitch("time", "day", isOn);
        }}
      />
      <Switch
        label="Log scale"
        isOn={isLog}
        onChange={(isOn) => {
          setSwitch("log", "yes", isOn);
        }}
      />
      <Switch
        label="Show as table"
        isOn={isTable}
        onChange={(isOn) => {
          setSwitch("as", "table", isOn);
        }}
      />
      <p class="advice">Drag: zoom. Shift-drag or wheel: pan. Click: go to packet.</p>
    </div>
  );
}
