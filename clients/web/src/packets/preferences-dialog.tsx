// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type Preference, PreferenceType } from "@dissectd/client/api";
import { client } from "../daemon/connection.js";
import { dissectionOptions, setPreferences } from "../daemon/dissection-options.js";
import { exportPreferences, valueInFile } from "../daemon/preferences-file.js";
import { Dialog } from "../ui/dialog.js";
import { Failure } from "../ui/failure.js";
import { useAnswer } from "../ui/use-answer.js";

const SHOWN = new Set([
  PreferenceType.BOOL,
  PreferenceType.ENUM,
  PreferenceType.UINT,
  PreferenceType.STRING,
  PreferenceType.RANGE,
]);

/** Returns the preferences of a protocol with the values that the capture is dissected with. */
async function settingsOf(module: string, signal: AbortSignal): Promise<readonly Preference[]> {
  const [values, { preferences }] = await Promise.all([
    exportPreferences(client.value, dissectionOptions.value, signal),
    client.value.services.preference.listPreferences({ module, pageSize: 1000 }, { signal }),
  ]);
  return preferences
    .filter(({ name, type, obsolete }) => {
      return !obsolete && SHOWN.has(type) && name.startsWith(`${module}.`);
    })
    .map((each) => ({ ...each, value: valueInFile(values, each.name) ?? each.value }));
}

interface InputProps {
  readonly preference: Preference;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function PreferenceInput({ preference, value, onChange }: InputProps): JSX.Element {
  const { type, title, description, choices } = preference;
  if (type === PreferenceType.BOOL) {
    return (
      <label class="check" title={description}>
        <input
          type="checkbox"
          checked={value.toUpperCase() === "TRUE"}
          onChange={({ currentTarget }) => {
            onChange(currentTarget.checked ? "TRUE" : "FALSE");
          }}
        />
        {title}
      </label>
    );
  }
  return (
    <label title={description}>
      {title}
      {type === PreferenceType.ENUM ? (
        <select
          value={value}
          onChange={({ currentTarget }) => {
            onChange(currentTarget.value);
          }}
        >
          {choices.map((choice) => (
            <option key={choice.value}>{choice.description}</option>
          ))}
        </select>
      ) : (
        <input
          value={value}
          onInput={({ currentTarget }) => {
            onChange(currentTarget.value);
          }}
        />
      )}
    </label>
  );
}

interface FormProps {
  readonly preferences: readonly Preference[];
  readonly onClose: () => void;
}

function PreferencesForm({ preferences, onClose }: FormProps): JSX.Element {
  const [changes, setChanges] = useState<Readonly<Record<string, string>>>({});
  if (preferences.length === 0) return <p>The protocol has no preferences.</p>;
  return (
    <form
      class="packet-form"
      onSubmit={(event) => {
        event.preventDefault();
        onClose();
        setPreferences(Object.entries(changes).map(([name, value]) => ({ name, value })));
      }}
    >
      {preferences.map((preference) => (
        <PreferenceInput
          key={preference.name}
          preference={preference}
          value={changes[preference.name] ?? preference.value}
          onChange={(value) => {
            setChanges({ ...changes, [preference.name]: value });
          }}
        />
      ))}
      <button type="submit">Apply</button>
    </form>
  );
}

export interface PreferencesDialogProps {
  /** The protocol's name in filters, which its preferences begin with. */
  readonly module: string;
  readonly onClose: () => void;
}

/** Changes preferences of a protocol, which the address has from then on. */
export function PreferencesDialog({ module, onClose }: PreferencesDialogProps): JSX.Element {
  const { value, error } = useAnswer((signal) => settingsOf(module, signal), [module]);
  return (
    <Dialog title={`Protocol Preferences: ${module}`} onClose={onClose}>
      {value && <PreferencesForm preferences={value} onClose={onClose} />}
      {!value && !error && <p class="pending">loading …</p>}
      {error !== undefined && <Failure error={error} />}
    </Dialog>
  );
}
