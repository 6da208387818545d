// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import type { FileChoice, StopChoice } from "./capture-options.js";
import { NumberInput } from "./number-input.js";

export interface OutputTabProps {
  readonly file: FileChoice;
  readonly onChange: (changes: Partial<FileChoice>) => void;
}

type TextKey = {
  [Key in keyof FileChoice]: FileChoice[Key] extends string ? Key : never;
}[keyof FileChoice];

/** The file that the packets are written to, or a series of files. */
export function OutputTab({ file, onChange }: OutputTabProps): JSX.Element {
  const setter =
    (key: TextKey): ((value: string) => void) =>
    (value) => {
      onChange({ [key]: value });
    };
  return (
    <div class="option-groups">
      <fieldset>
        <legend>File</legend>
        <label>
          <span>Name</span>
          <input
            type="text"
            placeholder="capture.pcapng"
            value={file.name}
            onInput={({ currentTarget }) => {
              onChange({ name: currentTarget.value });
            }}
          />
        </label>
        <label>
          <span>Output format</span>
          <select
            value={file.isPcap ? "pcap" : "pcapng"}
            onChange={({ currentTarget }) => {
              onChange({ isPcap: currentTarget.value === "pcap" });
            }}
          >
            <option>pcapng</option>
            <option>pcap</option>
          </select>
        </label>
        <label>
          <span>Comment</span>
          <textarea
            rows={3}
            value={file.comment}
            onInput={({ currentTarget }) => {
              onChange({ comment: currentTarget.value });
            }}
          />
        </label>
      </fieldset>
      <fieldset>
        <legend>Ring buffer</legend>
        <label class="check-label">
          <input
            type="checkbox"
            checked={file.isRing}
            onChange={({ currentTarget }) => {
              onChange({ isRing: currentTarget.checked });
            }}
          />
          Create a new file automatically
        </label>
        <div class="option-group" inert={!file.isRing}>
          <NumberInput
            label="after"
            unit="packets"
            value={file.nextPackets}
            onValue={setter("nextPackets")}
          />
          <NumberInput
            label="after"
            unit="kilobytes"
            value={file.nextSizeKb}
            onValue={setter("nextSizeKb")}
          />
          <NumberInput
            label="after"
            unit="seconds"
            value={file.nextSeconds}
            onValue={setter("nextSeconds")}
          />
          <NumberInput
            label="when time is a multiple of"
            unit="seconds"
            value={file.nextInterval}
            onValue={setter("nextInterval")}
          />
          <NumberInput
            label="Use a ring buffer with"
            unit="files"
            placeholder="all"
            value={file.keptFiles}
            onValue={setter("keptFiles")}
          />
        </div>
      </fieldset>
    </div>
  );
}

export interface StopTabProps {
  readonly stop: StopChoice;
  readonly onChange: (changes: Partial<StopChoice>) => void;
}

/** When the capture stops by itself; never, if nothing is given. */
export function StopTab({ stop, onChange }: StopTabProps): JSX.Element {
  const setter =
    (key: keyof StopChoice): ((value: string) => void) =>
    (value) => {
      onChange({ [key]: value });
    };
  return (
    <div class="option-groups">
      <fieldset>
        <legend>Stop capture automatically after …</legend>
        <NumberInput label="Packets" value={stop.packets} onValue={setter("packets")} />
        <NumberInput label="Files" value={stop.files} onValue={setter("files")} />
        <NumberInput
          label="File size"
          unit="kilobytes"
          value={stop.sizeKb}
          onValue={setter("sizeKb")}
        />
        <NumberInput
          label="Duration"
          unit="seconds"
          step={0.1}
          value={stop.seconds}
          onValue={setter("seconds")}
        />
      </fieldset>
      <p class="advice">
        Without any of these, the capture goes on until it is stopped, also when this page is
        closed.
      </p>
    </div>
  );
}
