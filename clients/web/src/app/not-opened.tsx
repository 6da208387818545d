// SPDX-License-Identifier: Apache-2.0

/** Why a capture couldn't be opened, and what the user can do about it here. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Session } from "@dissectd/client/api";
import { client } from "../daemon/connection.js";
import { closeSession, isFull, openAgain } from "../daemon/open-capture.js";
import { Failure } from "../ui/failure.js";
import { useAnswer } from "../ui/use-answer.js";
import { attempt } from "./notices.js";

function ageOf({ useTime }: Session): string {
  const seconds = Date.now() / 1000 - Number(useTime?.seconds ?? 0n);
  const minutes = Math.floor(seconds / 60);
  return minutes < 1 ? "used just now" : `used ${String(minutes)} min ago`;
}

/** The captures that are open at the daemon, of which the user can close some. */
function OpenSessions(): JSX.Element {
  const [closed, setClosed] = useState(0);
  const { services } = client.value;
  const answer = useAnswer(
    (signal) => services.session.listSessions({}, { signal }),
    [client.value, closed],
  );
  return (
    <ul class="open-sessions" aria-label="Captures that are open">
      {answer.value?.sessions.map((session) => (
        <li key={session.name}>
          {session.file.replace(/^files\//, "")} <span class="muted">{ageOf(session)}</span>{" "}
          <button
            type="button"
            aria-label={`Close ${session.file}`}
            onClick={() => {
              attempt(async () => {
                await closeSession(session.name);
                setClosed((count) => count + 1);
                openAgain();
              });
            }}
          >
            Close
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Shows in place of a capture why it isn't open. */
export function NotOpened({ error }: { readonly error: unknown }): JSX.Element {
  return (
    <div class="not-opened">
      <Failure error={error} />
      {isFull(error) && <OpenSessions />}
      <button type="button" onClick={openAgain}>
        Try again
      </button>
    </div>
  );
}
