// SPDX-License-Identifier: Apache-2.0

import type { ReportType } from "@dissectd/client/api";
import type { JSX } from "preact";
import { useId, useMemo, useState } from "preact/hooks";
import { address, formatAddress, sameCapture } from "../app/address.js";
import { type Choice, matching, type Section, sectionsOf } from "./catalogue.js";
import { REPORTS } from "./reports/registry.js";

/** Returns the link to a report about the same capture and filter. */
function linkTo(report: string): string {
  const { filter = "", limited = "" } = address.value.query;
  return formatAddress(sameCapture("statistics", { report, filter, limited }));
}

function Choices({ group, choices, chosen }: Section & { chosen: string }): JSX.Element {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{group}</h2>
      <ul>
        {choices.map(({ name, title }: Choice) => (
          <li key={name}>
            <a href={linkTo(name)} {...(name === chosen && { "aria-current": "page" })}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

export interface ReportListProps {
  /** The name of the report that is shown. */
  readonly chosen: string;
  /** The reports of the daemon. */
  readonly reports: readonly ReportType[];
}

/** The list of all reports, as in Wireshark's menus. */
export function ReportList({ chosen, reports }: ReportListProps): JSX.Element {
  const [text, setText] = useState("");
  const sections = useMemo(() => sectionsOf(REPORTS, reports), [reports]);
  const shown = matching(sections, text);
  return (
    <nav class="report-list" aria-label="Reports">
      <input
        type="search"
        aria-label="Find a report"
        placeholder="Find a report"
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
        }}
      />
      {shown.map((section) => (
        <Choices key={section.group} {...section} chosen={chosen} />
      ))}
      {shown.length === 0 && <p class="pending">No report has this in its name.</p>}
    </nav>
  );
}
