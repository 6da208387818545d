// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import type { ComponentType, JSX } from "preact";
import { lazy, Suspense } from "preact/compat";
import { useState } from "preact/hooks";
import { address, formatAddress, sameCapture, setQuery } from "../app/address.js";
import { choiceFor } from "./catalogue.js";
import { type ReportProps, REPORTS } from "./reports/registry.js";
import { FILTER } from "./usage.js";

const VIEWS = new Map<string, ComponentType<ReportProps>>(
  REPORTS.map(({ name, load }) => [name, lazy(load)]),
);
const DaemonReport = lazy(async () => (await import("./reports/daemon-report.js")).DaemonReport);

/** Wireshark's check box, and the filter that it is about. */
function LimitToFilter({ filter, isLimited }: { filter: string; isLimited: boolean }): JSX.Element {
  return (
    <form
      class="limit"
      onSubmit={(event) => {
        event.preventDefault();
        const text = new FormData(event.currentTarget).get("filter");
        const wanted = typeof text === "string" ? text.trim() : "";
        setQuery({ filter: wanted, limited: wanted && "yes" });
      }}
    >
      <label>
        <input
          type="checkbox"
          checked={isLimited}
          onChange={({ currentTarget }) => {
            const text = new FormData(currentTarget.form ?? undefined).get("filter");
            const wanted = typeof text === "string" ? text.trim() : "";
            setQuery({ filter: wanted, limited: currentTarget.checked ? "yes" : "" });
          }}
        />
        Limit to display filter
      </label>
      <input
        key={filter}
        name="filter"
        class="filter-text"
        aria-label="Display filter"
        placeholder="Display filter"
        spellcheck={false}
        defaultValue={filter}
      />
      <button type="submit">Apply</button>
    </form>
  );
}

// Titles in these sections say too little without them.
const NAMED_GROUPS: readonly string[] = ["HTTP", "Service Response Time"];

function headingFor(name: string): string {
  const { title, group } = REPORTS.find((report) => report.name === name) ?? choiceFor(name);
  return NAMED_GROUPS.includes(group) ? `${group}: ${title}` : title;
}

export interface ReportPaneProps {
  readonly session: Session;
  readonly name: string;
  /** The arguments that a report of the daemon takes, for people. */
  readonly usage: string | undefined;
}

/** The chosen report, with its title and what it is limited to. */
export function ReportPane({ session, name, usage }: ReportPaneProps): JSX.Element {
  const entry = REPORTS.find((report) => report.name === name);
  const View = VIEWS.get(name) ?? DaemonReport;
  const { filter = "", limited = "" } = address.value.query;
  const isLimited = limited === "yes";
  const takesFilter = entry ? !entry.isAboutWholeCapture : usage?.includes(FILTER) !== false;
  // Another number makes another view, which asks anew.
  const [asked, setAsked] = useState(0);
  const packets = formatAddress(sameCapture("packets", { filter }));
  return (
    <section class="report" aria-label={headingFor(name)}>
      <header>
        <h1>{headingFor(name)}</h1>
        {takesFilter && <LimitToFilter filter={filter} isLimited={isLimited} />}
        <button
          type="button"
          onClick={() => {
            setAsked(asked + 1);
          }}
        >
          Refresh
        </button>
        <a href={packets}>Packets</a>
      </header>
      <Suspense fallback={<p class="pending">loading …</p>}>
        <View
          key={`${name}/${String(asked)}`}
          session={session}
          name={name}
          filter={isLimited ? filter : ""}
        />
      </Suspense>
    </section>
  );
}
