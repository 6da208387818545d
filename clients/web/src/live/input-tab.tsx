// SPDX-License-Identifier: Apache-2.0

import type { Interface } from "@dissectd/client/api";
import type { JSX } from "preact";
import { client } from "../daemon/connection.js";
import { explain } from "../daemon/errors.js";
import { CaptureFilterInput } from "../filter/capture-filter-input.js";
import { useAnswer } from "../ui/use-answer.js";
import { choiceOf, type InterfaceChoice } from "./capture-options.js";

export interface InputTabProps {
  readonly interfaces: readonly Interface[];
  readonly chosen: readonly InterfaceChoice[];
  readonly onChoose: (chosen: readonly InterfaceChoice[]) => void;
}

interface LinkTypeProps {
  readonly choice: InterfaceChoice;
  readonly onLinkType: (name: string) => void;
}

/** Asks the interface for its types when it is chosen. */
function LinkType({ choice, onLinkType }: LinkTypeProps): JSX.Element {
  const { value, error } = useAnswer(
    async (signal) => {
      const request = { interface: choice.name, monitorMode: choice.monitor };
      return client.value.services.capture.getInterfaceCapabilities(request, { signal });
    },
    [choice.name, choice.monitor],
  );
  if (error !== undefined) return <span title={explain(error).message}>unknown</span>;
  return (
    <select
      aria-label={`Link-layer header of ${choice.name}`}
      value={choice.linkType}
      onChange={({ currentTarget }) => {
        onLinkType(currentTarget.value);
      }}
    >
      <option value="">Default</option>
      {value?.linkTypes.map(({ name, description }) => (
        <option key={name} value={name}>
          {description || name}
        </option>
      ))}
    </select>
  );
}

interface ChosenCellsProps {
  readonly choice: InterfaceChoice;
  readonly onChange: (changes: Partial<InterfaceChoice>) => void;
}

function ChosenCells({ choice, onChange }: ChosenCellsProps): JSX.Element {
  const { name } = choice;
  const numberCell = (
    what: string,
    key: "snaplen" | "bufferMib",
    placeholder: string,
    max: number,
  ): JSX.Element => (
    <td>
      <input
        type="number"
        aria-label={`${what} of ${name}`}
        placeholder={placeholder}
        min={1}
        max={max}
        value={choice[key]}
        onInput={({ currentTarget }) => {
          onChange({ [key]: currentTarget.value });
        }}
      />
    </td>
  );
  const checkCell = (what: string, key: "promiscuous" | "monitor"): JSX.Element => (
    <td class="check">
      <input
        type="checkbox"
        aria-label={`${what} of ${name}`}
        checked={choice[key]}
        onChange={({ currentTarget }) => {
          onChange({ [key]: currentTarget.checked });
        }}
      />
    </td>
  );
  return (
    <>
      <td>
        <LinkType
          choice={choice}
          onLinkType={(linkType) => {
            onChange({ linkType });
          }}
        />
      </td>
      {checkCell("Promiscuous mode", "promiscuous")}
      {numberCell("Snapshot length", "snaplen", "all", 262_144)}
      {numberCell("Buffer", "bufferMib", "2", 1024)}
      {checkCell("Monitor mode", "monitor")}
      <td class="wide">
        <CaptureFilterInput
          label={`Capture filter of ${name}`}
          interface={name}
          linkType={choice.linkType}
          value={choice.filter}
          onChange={(filter) => {
            onChange({ filter });
          }}
        />
      </td>
    </>
  );
}

/** The capture filter that all chosen interfaces have; empty if they have different ones. */
function FilterForAll({ chosen, onChoose }: Omit<InputTabProps, "interfaces">): JSX.Element {
  const label = "Capture filter for selected interfaces";
  const [first] = chosen;
  const isSame = chosen.every(({ filter }) => filter === first?.filter);
  return (
    <div class="filter-for-all">
      <span>{label}</span>
      <CaptureFilterInput
        label={label}
        {...(first && { interface: first.name, linkType: first.linkType })}
        value={first && isSame ? first.filter : ""}
        isDisabled={!first}
        onChange={(filter) => {
          onChoose(chosen.map((choice) => ({ ...choice, filter })));
        }}
      />
    </div>
  );
}

/** The interfaces, and how to capture from those that are chosen. */
export function InputTab({ interfaces, chosen, onChoose }: InputTabProps): JSX.Element {
  function toggle(name: string, isChosen: boolean): void {
    const others = chosen.filter((choice) => choice.name !== name);
    onChoose(isChosen ? [...others, choiceOf(name)] : others);
  }
  function change(name: string, changes: Partial<InterfaceChoice>): void {
    onChoose(chosen.map((choice) => (choice.name === name ? { ...choice, ...changes } : choice)));
  }
  return (
    <>
      <table class="interface-table" aria-label="Interfaces">
        <thead>
          <tr>
            <th scope="col">Interface</th>
            <th scope="col">Link-layer Header</th>
            <th scope="col">Promiscuous</th>
            <th scope="col">Snaplen (B)</th>
            <th scope="col">Buffer (MB)</th>
            <th scope="col">Monitor Mode</th>
            <th scope="col">Capture Filter</th>
          </tr>
        </thead>
        <tbody>
          {interfaces.map(({ name, friendlyName, vendorName, addresses }) => {
            const choice = chosen.find((each) => each.name === name);
            return (
              <tr key={name}>
                <td title={addresses.join(", ")}>
                  <label>
                    <input
                      type="checkbox"
                      checked={choice !== undefined}
                      onChange={({ currentTarget }) => {
                        toggle(name, currentTarget.checked);
                      }}
                    />{" "}
                    {friendlyName || vendorName ? `${friendlyName || vendorName}: ${name}` : name}
                  </label>
                </td>
                {choice ? (
                  <ChosenCells
                    choice={choice}
                    onChange={(changes) => {
                      change(name, changes);
                    }}
                  />
                ) : (
                  <td colSpan={6} class="advice">
                    {addresses.join(", ")}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      <FilterForAll chosen={chosen} onChoose={onChoose} />
    </>
  );
}
