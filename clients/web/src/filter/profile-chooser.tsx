// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { client } from "../daemon/connection.js";
import { changeDissection, dissectionOptions } from "../daemon/dissection-options.js";
import { explain } from "../daemon/errors.js";
import { useAnswer } from "../ui/use-answer.js";

/** Chooses the profile of the daemon's Wireshark that captures are dissected with. */
export function ProfileChooser(): JSX.Element {
  const { value, error } = useAnswer(
    (signal) => client.value.services.preference.listProfiles({}, { signal }),
    [client.value],
  );
  const profiles = value?.profiles ?? [];
  const chosen = dissectionOptions.value.profile;
  const current = profiles.find((profile) => profile.current)?.name ?? "";
  // A link may name a profile that this daemon doesn't have.
  const isUnknown = chosen !== "" && !profiles.some(({ name }) => name === chosen);
  return (
    <label class="profile" title={error === undefined ? "" : explain(error).message}>
      Profile:{" "}
      <select
        value={chosen || current}
        onChange={({ currentTarget }) => {
          const name = currentTarget.value;
          changeDissection({ profile: name === current ? "" : name });
        }}
      >
        {isUnknown && <option>{chosen}</option>}
        {profiles.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
