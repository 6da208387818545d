// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { DecodeAsTable } from "@dissectd/client/api";
import {
  addDecodeAs,
  decodedAs,
  dissectionOptions,
  removeDecodeAs,
} from "../daemon/dissection-options.js";
import { Dialog } from "../ui/dialog.js";
import { Failure } from "../ui/failure.js";
import { useAnswer } from "../ui/use-answer.js";
import { shownFrame } from "./current-frame.js";
import { hasKeys, keysIn, listTables, orderTables } from "./decode-as.js";

interface FormProps {
  readonly tables: readonly DecodeAsTable[];
  readonly onClose: () => void;
}

function DecodeAsForm({ tables, onClose }: FormProps): JSX.Element {
  const keyList = useId();
  const nodes = shownFrame.value?.nodes ?? [];
  const [name, setName] = useState(tables[0]?.name ?? "");
  const table = tables.find((each) => each.name === name);
  const keys = keysIn(name, nodes);
  const [written, setWritten] = useState<string | undefined>(undefined);
  const key = table && hasKeys(table) ? (written ?? keys[0] ?? "") : "";
  const entry = table?.entries.find(({ selector }) => selector === key);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const place = { table: name, selector: key };
  const protocol = chosen ?? decodedAs(place) ?? "";

  return (
    <form
      class="packet-form"
      onSubmit={(event) => {
        event.preventDefault();
        onClose();
        if (protocol) addDecodeAs({ ...place, protocol });
        else removeDecodeAs(place);
      }}
    >
      <label>
        Field
        <select
          value={name}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value);
            setWritten(undefined);
            setChosen(undefined);
          }}
        >
          {tables.map((each) => (
            <option key={each.name} value={each.name}>
              {each.displayName} ({each.name})
            </option>
          ))}
        </select>
      </label>
      {table && hasKeys(table) && (
        <label>
          Value
          <input
            required
            list={keyList}
            value={key}
            onInput={({ currentTarget }) => {
              setWritten(currentTarget.value);
            }}
          />
          <datalist id={keyList}>
            {keys.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </label>
      )}
      <p class="advice">Default: {entry?.defaultProtocol || "(none)"}</p>
      <label>
        Current
        <select
          value={protocol}
          onChange={({ currentTarget }) => {
            setChosen(currentTarget.value);
          }}
        >
          <option value="">(no rule)</option>
          {table?.protocols.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <button type="submit">Decode</button>
    </form>
  );
}

/** Chooses the protocol that a port, or another key, is dissected as. */
export function DecodeAsDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { value, error } = useAnswer(async (signal) => {
    const tables = await listTables(dissectionOptions.value, signal);
    return orderTables(tables, shownFrame.value?.nodes ?? []);
  }, []);
  return (
    <Dialog title="Decode As" onClose={onClose}>
      {value && <DecodeAsForm tables={value} onClose={onClose} />}
      {!value && !error && <p class="pending">loading …</p>}
      {error !== undefined && <Failure error={error} />}
    </Dialog>
  );
}
