// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { lazy, Suspense } from "preact/compat";
import { connectionError, serverInfo, state } from "../daemon/connection.js";
import { explain } from "../daemon/errors.js";
import { server } from "../daemon/servers.js";
import { StartView } from "../start/start-view.js";
import { MenuPlace } from "../ui/menu.js";
import { QuestionPlace } from "../ui/question.js";
import { visible } from "../ui/visible.js";
import { address, formatAddress, sameCapture, type View } from "./address.js";
import { Notices } from "./notices.js";
import { SignIn } from "./sign-in.js";
import { THEME_CHOICES, themeChoice } from "./theme.js";

// What the start page doesn't need is loaded when it is first shown.
const VIEW_COMPONENTS: Readonly<Record<View, () => JSX.Element>> = {
  start: StartView,
  packets: lazy(async () => (await import("../packets/packets-view.js")).PacketsView),
  live: lazy(async () => (await import("../live/live-view.js")).LiveView),
  statistics: lazy(async () => (await import("../statistics/statistics-view.js")).StatisticsView),
};

function ConnectionState(): JSX.Element {
  if (state.value === "online") {
    const caller = serverInfo.value?.caller?.principal;
    return <span class="connection online">{caller || server.value.name}</span>;
  }
  if (state.value === "offline") {
    return (
      <span class="connection offline" role="alert">
        The daemon is away. {explain(connectionError.value).advice}
      </span>
    );
  }
  return <span class="connection">{state.value === "connecting" ? "connecting …" : ""}</span>;
}

function ThemeChooser(): JSX.Element {
  return (
    <select
      aria-label="Theme"
      value={themeChoice.value}
      onChange={({ currentTarget }) => {
        const choice = THEME_CHOICES.find((text) => text === currentTarget.value);
        if (choice) themeChoice.value = choice;
      }}
    >
      {THEME_CHOICES.map((choice) => (
        <option key={choice}>{choice}</option>
      ))}
    </select>
  );
}

/** Leads from packets to the other views of their capture, which have links of their own. */
function OtherViews(): JSX.Element | null {
  const { view, source, query } = address.value;
  if (view !== "packets" || source === "") return null;
  const { filter = "" } = query;
  return (
    <nav class="other-views" aria-label="Other views of the capture">
      <a href={formatAddress(sameCapture("statistics", { filter }))}>Statistics</a>
      {source.startsWith("captures/") && (
        <a href={formatAddress({ view: "live", source, query: {} })}>Live</a>
      )}
    </nav>
  );
}

export function Shell(): JSX.Element {
  const Current = VIEW_COMPONENTS[address.value.view];
  return (
    <>
      <header class="page-header">
        <a class="home" href="#/start">
          dissectd
        </a>
        <span class="source">{visible(address.value.source)}</span>
        <OtherViews />
        <ConnectionState />
        <ThemeChooser />
      </header>
      <main class={`view ${address.value.view}`}>
        {state.value === "signed-out" ? (
          <SignIn />
        ) : (
          <Suspense fallback={<p class="pending">loading …</p>}>
            <Current />
          </Suspense>
        )}
        <MenuPlace />
      </main>
      <Notices />
      <QuestionPlace />
    </>
  );
}
