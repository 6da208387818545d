// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  type DissectionOptions,
  type Preference,
  PreferenceSettingSchema,
  PreferenceType,
} from "@dissectd/client/api";
import { attempt } from "../app/notices.js";
import { client } from "../daemon/connection.js";
import { explain } from "../daemon/errors.js";
import { Dialog } from "../ui/dialog.js";
import { useAnswer } from "../ui/use-answer.js";
import { reloadWith, sessionOptions } from "./edits.js";

const SHOWN = new Set([
  PreferenceType.BOOL,
  PreferenceType.ENUM,
  PreferenceType.UINT,
  PreferenceType.STRING,
  PreferenceType.RANGE,
]);

interface Settings {
  readonly options: DissectionOptions;
  readonly preferences: readonly Preference[];
}

async function settingsOf(module: string, signal: AbortSignal): Promise<Settings> {
  const [options, { preferences }] = await Promise.all([
    sessionOptions(),
    client.value.services.preference.listPreferences({ module, pageSize: 1000 }, { signal }),
  ]);
  const usable = preferences.filter(({ type, obsolete }) => !obsolete && SHOWN.has(type));
  const isOwn = ({ name }: Preference): boolean => name.startsWith(`${module}.`);
  return { options, preferences: usable.filter(isOwn) };
}

/** Returns options with other values of preferences. */
function withPreferences(
  options: DissectionOptions,
  changes: Readonly<Record<string, string>>,
): DissectionOptions {
  const others = options.preferences.filter(({ name }) => changes[name] === undefined);
  const changed = Object.entries(changes).map(([name, value]) =>
    create(PreferenceSettingSchema, { name, value }),
  );
  return { ...options, preferences: [...others, ...changed] };
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

function PreferencesForm(props: Settings & { readonly onClose: () => void }): JSX.Element {
  const { options, preferences, onClose } = props;
  const [changes, setChanges] = useState<Readonly<Record<string, string>>>({});
  const sent = Object.fromEntries(options.preferences.map(({ name, value }) => [name, value]));
  if (preferences.length === 0) return <p>The protocol has no preferences.</p>;
  return (
    <form
      class="packet-form"
      onSubmit={(event) => {
        event.preventDefault();
        onClose();
        attempt(() => reloadWith(withPreferences(options, changes)));
      }}
    >
      {preferences.map((preference) => (
        <PreferenceInput
          key={preference.name}
          preference={preference}
          value={changes[preference.name] ?? sent[preference.name] ?? preference.value}
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

/** Changes preferences of a protocol for this session. */
export function PreferencesDialog({ module, onClose }: PreferencesDialogProps): JSX.Element {
  const { value, error } = useAnswer((signal) => settingsOf(module, signal), [module]);
  return (
    <Dialog title={`Protocol Preferences: ${module}`} onClose={onClose}>
      {value && <PreferencesForm {...value} onClose={onClose} />}
      {!value && !error && <p class="pending">loading …</p>}
      {error !== undefined && <p role="alert">{explain(error).message}</p>}
    </Dialog>
  );
}
