// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import {
  COLORS,
  type Graph,
  graphFor,
  needsField,
  type Period,
  PERIODS,
  STYLES,
  UNITS,
} from "./graph.js";
import { GraphFilter } from "./graph-filter.js";

interface ChoiceProps<Value extends string | number> {
  readonly label: string;
  readonly value: Value;
  readonly values: readonly Value[];
  readonly titleOf?: (value: Value) => string;
  readonly onChoose: (value: Value) => void;
}

function Choice<Value extends string | number>(props: ChoiceProps<Value>): JSX.Element {
  const { label, value, values, titleOf = String, onChoose } = props;
  return (
    <select
      aria-label={label}
      value={String(value)}
      onChange={({ currentTarget }) => {
        const chosen = values[currentTarget.selectedIndex];
        if (chosen !== undefined) onChoose(chosen);
      }}
    >
      {values.map((each) => (
        <option key={each} value={String(each)}>
          {titleOf(each)}
        </option>
      ))}
    </select>
  );
}

function periodTitle(period: Period): string {
  return period === 0 ? "None" : String(period);
}

interface RowProps {
  readonly graph: Graph;
  readonly onChange: (changes: Partial<Graph>) => void;
  readonly onCopy: () => void;
  readonly onRemove: () => void;
}

function LookCells({ graph, onChange }: Pick<RowProps, "graph" | "onChange">): JSX.Element {
  const { name, color, style } = graph;
  return (
    <>
      <td class="graph-color">
        <i style={{ background: `var(--series-${String(COLORS.indexOf(color) + 1)})` }} />
        <Choice
          label={`Color of ${name}`}
          value={color}
          values={COLORS}
          onChoose={(chosen) => {
            onChange({ color: chosen });
          }}
        />
      </td>
      <td>
        <Choice
          label={`Style of ${name}`}
          value={style}
          values={STYLES}
          onChoose={(chosen) => {
            onChange({ style: chosen });
          }}
        />
      </td>
    </>
  );
}

function ValueCells({ graph, onChange }: Pick<RowProps, "graph" | "onChange">): JSX.Element {
  const { name, unit, field, period } = graph;
  return (
    <>
      <td class="graph-unit">
        <Choice
          label={`Y axis of ${name}`}
          value={unit}
          values={UNITS}
          onChoose={(chosen) => {
            onChange({ unit: chosen });
          }}
        />
      </td>
      <td>
        <input
          class="graph-field"
          aria-label={`Y field of ${name}`}
          disabled={!needsField(unit)}
          placeholder={needsField(unit) ? "tcp.len" : ""}
          spellcheck={false}
          value={field}
          onChange={({ currentTarget }) => {
            onChange({ field: currentTarget.value.trim() });
          }}
        />
      </td>
      <td>
        <Choice
          label={`SMA period of ${name}`}
          value={period}
          values={PERIODS}
          titleOf={periodTitle}
          onChoose={(chosen) => {
            onChange({ period: chosen });
          }}
        />
      </td>
    </>
  );
}

function Row({ graph, onChange, onCopy, onRemove }: RowProps): JSX.Element {
  const { isOn, name, filter } = graph;
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Show ${name}`}
          checked={isOn}
          onChange={({ currentTarget }) => {
            onChange({ isOn: currentTarget.checked });
          }}
        />
      </td>
      <td>
        <input
          class="graph-name"
          aria-label={`Name of ${name}`}
          value={name}
          onChange={({ currentTarget }) => {
            onChange({ name: currentTarget.value.trim() });
          }}
        />
      </td>
      <td class="graph-filter">
        <GraphFilter
          label={`Display filter of ${name}`}
          value={filter}
          onApply={(changed) => {
            onChange({ filter: changed });
          }}
        />
      </td>
      <LookCells graph={graph} onChange={onChange} />
      <ValueCells graph={graph} onChange={onChange} />
      <td>
        <button type="button" aria-label={`Copy ${name}`} onClick={onCopy}>
          Copy
        </button>{" "}
        <button type="button" aria-label={`Remove ${name}`} title="Remove" onClick={onRemove}>
          ×
        </button>
      </td>
    </tr>
  );
}

const TITLES = [
  "Enabled",
  "Graph Name",
  "Display Filter",
  "Color",
  "Style",
  "Y Axis",
  "Y Field",
  "SMA Period",
];

export interface GraphTableProps {
  readonly graphs: readonly Graph[];
  /** The display filter that a new graph has. */
  readonly filter: string;
  /** Undefined if the graphs are to be those that Wireshark shows first. */
  readonly onChange: (graphs: readonly Graph[] | undefined) => void;
}

/** The graphs, one in each row, as in the window of Wireshark. */
export function GraphTable({ graphs, filter, onChange }: GraphTableProps): JSX.Element {
  return (
    <div class="graph-table">
      <table aria-label="Graphs">
        <thead>
          <tr>
            {TITLES.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {graphs.map((graph, place) => (
            <Row
              key={place}
              graph={graph}
              onChange={(changes) => {
                onChange(graphs.with(place, { ...graph, ...changes }));
              }}
              onCopy={() => {
                onChange(graphs.toSpliced(place + 1, 0, graph));
              }}
              onRemove={() => {
                onChange(graphs.toSpliced(place, 1));
              }}
            />
          ))}
        </tbody>
      </table>
      <p class="graph-actions">
        <button
          type="button"
          onClick={() => {
            onChange([...graphs, graphFor(filter, graphs)]);
          }}
        >
          + Add a graph
        </button>
        <button
          type="button"
          onClick={() => {
            onChange(undefined);
          }}
        >
          Reset graphs
        </button>
      </p>
    </div>
  );
}
