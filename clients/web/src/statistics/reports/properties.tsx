// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import { FileView } from "@dissectd/client/api";
import type { JSX } from "preact";
import { address } from "../../app/address.js";
import { client } from "../../daemon/connection.js";
import type { TableColumn } from "../../ui/table.js";
import { useAnswer } from "../../ui/use-answer.js";
import { type Fact, factsOf } from "../file-facts.js";
import { AnswerOf, SaveBar } from "../report-parts.js";
import type { ReportProps } from "./registry.js";

const COLUMNS: readonly TableColumn<Fact>[] = [
  { title: "Section", value: ({ section }) => section },
  { title: "Name", value: ({ name }) => name },
  { title: "Value", value: ({ value }) => value },
];

/** Returns the names of the files that a capture, or a session, has. */
async function filesOf(source: string, session: Session, signal: AbortSignal): Promise<string[]> {
  if (!source.startsWith("captures/")) {
    return [source.startsWith("files/") ? source : session.info.file];
  }
  const { files } = await client.value.services.capture.listCaptureFiles(
    { name: source, pageSize: 1000 },
    { signal },
  );
  return files.map(({ file }) => file);
}

async function readFacts(
  source: string,
  session: Session,
  signal: AbortSignal,
): Promise<(readonly Fact[])[]> {
  const names = await filesOf(source, session, signal);
  const answers = await Promise.all(
    names.map((name) =>
      client.value.services.file.getFile({ name, view: FileView.FULL }, { signal }),
    ),
  );
  return answers.flatMap(({ file }) => (file ? [factsOf(file)] : []));
}

function Facts({ facts }: { facts: readonly Fact[] }): JSX.Element {
  const sections = [...new Set(facts.map(({ section }) => section))];
  return (
    <>
      {sections.map((section) => (
        <section key={section} class="facts">
          <h2>{section}</h2>
          <dl>
            {facts
              .filter((fact) => fact.section === section)
              .map(({ name, value }, index) => (
                <div key={index}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </>
  );
}

/** Statistics > Capture File Properties. */
export function PropertiesReport({ session }: ReportProps): JSX.Element {
  const { source } = address.value;
  const answer = useAnswer((signal) => readFacts(source, session, signal), [source, session]);
  return (
    <AnswerOf answer={answer}>
      {(files) => (
        <>
          <div class="table-area" role="group" aria-label="Properties" tabIndex={0}>
            {files.map((facts, index) => (
              <Facts key={index} facts={facts} />
            ))}
          </div>
          <SaveBar name="properties" columns={COLUMNS} rows={files.flat()} />
        </>
      )}
    </AnswerOf>
  );
}
