// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import type { ComponentType, JSX } from "preact";
import { lazy, Suspense } from "preact/compat";
import { useState } from "preact/hooks";
import { address, formatAddress, sameCapture } from "../app/address.js";
import { choiceFor } from "./catalogue.js";
import { LimitToFilter } from "./limit-to-filter.js";
import { type ReportProps, REPORTS } from "./reports/registry.js";
import { FILTER } from "./usage.js";

const VIEWS = new Map<string, ComponentType<ReportProps>>(
  REPORTS.map(({ name, load }) => [name, lazy(load)]),
);
const DaemonReport = lazy(async () => (await import("./reports/daemon-report.js")).DaemonReport);

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
  // The number is the key of the view below: another one makes a new view, which asks again.
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
