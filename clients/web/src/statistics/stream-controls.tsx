// SPDX-License-Identifier: Apache-2.0

/** What chooses a followed stream, and how it is shown. */
import type { Endpoint } from "@dissectd/client/api";
import type { JSX } from "preact";
import { setQuery } from "../app/address.js";
import { client } from "../daemon/connection.js";
import { useAnswer } from "../ui/use-answer.js";
import type { ReadStream } from "./stream.js";
import { STREAM_FORMATS, type StreamFormat } from "./stream-text.js";

export const DIRECTIONS = ["both", "client", "server"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Returns an endpoint as text, for example `192.0.2.1:80`. */
export function endName(end: Endpoint | undefined): string {
  if (!end?.address) return "";
  const { address: host, port } = end;
  return port === undefined ? host : `${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
}

function directionNames({ header }: ReadStream): Readonly<Record<Direction, string>> {
  const [from, to] = [endName(header?.client), endName(header?.server)];
  const [sent, answered] = [header?.clientBytes ?? 0n, header?.serverBytes ?? 0n];
  return {
    both: `Entire conversation (${String(sent + answered)} bytes)`,
    client: `${from} → ${to} (${String(sent)} bytes)`,
    server: `${to} → ${from} (${String(answered)} bytes)`,
  };
}

/** A number of a stream that can be stepped. */
export function StreamNumber(props: { label: string; name: string; value: number }): JSX.Element {
  const { label, name, value } = props;
  const go = (to: number): void => {
    setQuery({ [name]: String(Math.max(0, to)) });
  };
  return (
    <span class="stream-number">
      <label>
        {label}{" "}
        <input
          type="number"
          min={0}
          step={1}
          value={value}
          onChange={({ currentTarget }) => {
            if (currentTarget.validity.valid && currentTarget.value !== "") {
              go(currentTarget.valueAsNumber);
            }
          }}
        />
      </label>
      <button
        type="button"
        disabled={value === 0}
        onClick={() => {
          go(value - 1);
        }}
      >
        Previous
      </button>
      <button
        type="button"
        onClick={() => {
          go(value + 1);
        }}
      >
        Next
      </button>
    </span>
  );
}

export function Followers({ chosen }: { chosen: string }): JSX.Element {
  const answer = useAnswer(
    (signal) => client.value.services.analysis.listReports({}, { signal }),
    [client.value],
  );
  const followers = answer.value?.followers ?? [chosen.toUpperCase()];
  return (
    <label>
      Follow{" "}
      <select
        value={chosen}
        onChange={({ currentTarget }) => {
          setQuery({ follower: currentTarget.value, stream: "0", substream: undefined });
        }}
      >
        {followers.map((name) => (
          <option key={name} value={name.toLowerCase()}>
            {name} Stream
          </option>
        ))}
      </select>
    </label>
  );
}

export function ShowAs({ format }: { format: StreamFormat }): JSX.Element {
  return (
    <label>
      Show data as{" "}
      <select
        value={format}
        onChange={({ currentTarget }) => {
          setQuery({ as: currentTarget.value }, { replace: true });
        }}
      >
        {STREAM_FORMATS.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

export function DirectionChoice(props: { stream: ReadStream; direction: Direction }): JSX.Element {
  const names = directionNames(props.stream);
  return (
    <select
      aria-label="Direction"
      value={props.direction}
      onChange={({ currentTarget }) => {
        setQuery({ direction: currentTarget.value }, { replace: true });
      }}
    >
      {DIRECTIONS.map((name) => (
        <option key={name} value={name}>
          {names[name]}
        </option>
      ))}
    </select>
  );
}
