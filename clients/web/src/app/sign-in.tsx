// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { connectionError, hasToken, signIn } from "../daemon/connection.js";
import { explain } from "../daemon/errors.js";
import { server } from "../daemon/servers.js";
import { ServerBar } from "../start/server-bar.js";

/** Says why the user has to sign in: nobody has, or the daemon doesn't take the token. */
function Reason(): JSX.Element {
  if (!hasToken.value) return <p>This server answers only those whom it knows.</p>;
  const { message } = explain(connectionError.value);
  return (
    <p class="failure" role="alert">
      {message} The token may have expired, or be another server's. Sign in with a new one.
    </p>
  );
}

/** Asks for a token, as the daemon doesn't know the caller. */
export function SignIn(): JSX.Element {
  const [token, setToken] = useState("");
  return (
    <div class="sign-in">
      <ServerBar />
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          signIn(token);
        }}
      >
        <h1>Sign in to {server.value.name}</h1>
        <Reason />
        <label>
          Token
          <input
            type="password"
            autocomplete="current-password"
            required
            value={token}
            onInput={({ currentTarget }) => {
              setToken(currentTarget.value);
            }}
          />
        </label>
        <p class="advice">
          The operator makes it with <code>dissectctl token create</code>. The page forgets it when
          the tab is closed.
        </p>
        <button type="submit">Sign in</button>
      </form>
    </div>
  );
}
