// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { hasToken, serverInfo, signOut, state } from "../daemon/connection.js";
import {
  addServer,
  chooseServer,
  isAdded,
  removeServer,
  server,
  servers,
} from "../daemon/servers.js";
import { Dialog } from "../ui/dialog.js";
import { askFirst } from "../ui/question.js";

function AddServer({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const [name, setName] = useState("");
  const [url, setUrl] = useState("https://");
  const [error, setError] = useState("");
  return (
    <Dialog title="Add server" onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          try {
            chooseServer(addServer(name, url));
            onClose();
          } catch (wrong) {
            setError(wrong instanceof Error ? wrong.message : String(wrong));
          }
        }}
      >
        <label>
          Name
          <input
            value={name}
            placeholder="lab"
            onInput={({ currentTarget }) => {
              setName(currentTarget.value);
            }}
          />
        </label>
        <label>
          URL of its gateway
          <input
            type="url"
            required
            value={url}
            onInput={({ currentTarget }) => {
              setUrl(currentTarget.value);
            }}
          />
        </label>
        <p class="advice">
          The gateway must allow pages of {location.origin}: its operator puts that into{" "}
          <code>--origin</code>.
        </p>
        <p role="alert">{error}</p>
        <div class="dialog-buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit">Add</button>
        </div>
      </form>
    </Dialog>
  );
}

/** Says which daemon answers, and whom it takes the caller for. */
function Identity(): JSX.Element | null {
  const info = serverInfo.value;
  if (!info) return null;
  const wireshark = info.engines[0]?.wiresharkVersion;
  const { principal = "", roles = [] } = info.caller ?? {};
  return (
    <p class="identity">
      dissectd {info.version}
      {wireshark && `, Wireshark ${wireshark}`}. You are <strong>{principal || "anonymous"}</strong>
      {roles.length > 0 && ` (${roles.join(", ")})`}.
    </p>
  );
}

/** The servers that the browser knows, and who the caller is at the chosen one. */
export function ServerBar(): JSX.Element {
  const [isAdding, setAdding] = useState(false);
  const current = server.value;
  return (
    <div class="server-bar">
      <label>
        Server{" "}
        <select
          value={current.url}
          onChange={({ currentTarget }) => {
            const chosen = servers.value.find(({ url }) => url === currentTarget.value);
            if (chosen) chooseServer(chosen);
          }}
        >
          {servers.value.map(({ name, url }) => (
            <option key={url} value={url}>
              {name === url ? url : `${name} (${url})`}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        onClick={() => {
          setAdding(true);
        }}
      >
        Add …
      </button>
      {isAdded(current) && (
        <button
          type="button"
          onClick={() => {
            askFirst({
              title: "Remove server?",
              text: `This browser will forget ${current.name}. Nothing is deleted there.`,
              agree: "Remove",
              action: () => {
                removeServer(current);
              },
            });
          }}
        >
          Remove …
        </button>
      )}
      <Identity />
      {hasToken.value && state.value !== "signed-out" && (
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      )}
      {isAdding && (
        <AddServer
          onClose={() => {
            setAdding(false);
          }}
        />
      )}
    </div>
  );
}
