// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import type { FileChoice, StopChoice } from "./capture-options.js";
import { NumberInput } from "./number-input.js";

/** A number among the options, which may be empty. */
interface NumberOption<Key> {
  readonly key: Key;
  readonly label: string;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly step?: number;
}

interface NumberOptionsProps<Key extends string> {
  readonly options: readonly NumberOption<Key>[];
  readonly values: Readonly<Record<Key, string>>;
  readonly onChange: (changes: Partial<Record<Key, string>>) => void;
}

function NumberOptions<Key extends string>(props: NumberOptionsProps<Key>): JSX.Element {
  const { options, values, onChange } = props;
  return (
    <>
      {options.map(({ key, ...rest }) => (
        <NumberInput
          key={key}
          {...rest}
          value={values[key]}
          onValue={(value) => {
            onChange({ [key]: value } as Partial<Record<Key, string>>);
          }}
        />
      ))}
    </>
  );
}

type RingKey = "nextPackets" | "nextSizeKb" | "nextSeconds" | "nextInterval" | "keptFiles";

const RING: readonly NumberOption<RingKey>[] = [
  { key: "nextPackets", label: "after", unit: "packets" },
  { key: "nextSizeKb", label: "after", unit: "kilobytes" },
  { key: "nextSeconds", label: "after", unit: "seconds" },
  { key: "nextInterval", label: "when time is a multiple of", unit: "seconds" },
  { key: "keptFiles", label: "Use a ring buffer with", unit: "files", placeholder: "all" },
];

const STOP: readonly NumberOption<keyof StopChoice>[] = [
  { key: "packets", label: "Packets" },
  { key: "files", label: "Files" },
  { key: "sizeKb", label: "File size", unit: "kilobytes" },
  { key: "seconds", label: "Duration", unit: "seconds", step: 0.1 },
];

export interface OutputTabProps {
  readonly file: FileChoice;
  readonly onChange: (changes: Partial<FileChoice>) => void;
}

function FileOptions({ file, onChange }: OutputTabProps): JSX.Element {
  return (
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
  );
}

/** The file that the packets are written to, or a series of files. */
export function OutputTab({ file, onChange }: OutputTabProps): JSX.Element {
  return (
    <div class="option-groups">
      <FileOptions file={file} onChange={onChange} />
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
          <NumberOptions options={RING} values={file} onChange={onChange} />
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
  return (
    <div class="option-groups">
      <fieldset>
        <legend>Stop capture automatically after …</legend>
        <NumberOptions options={STOP} values={stop} onChange={onChange} />
      </fieldset>
      <p class="advice">
        Without any of these, the capture goes on until it is stopped, also when this page is
        closed.
      </p>
    </div>
  );
}
