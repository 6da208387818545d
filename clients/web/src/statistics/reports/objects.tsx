// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import type { ExportObject } from "@dissectd/client/api";
import type { JSX } from "preact";
import { address, setQuery } from "../../app/address.js";
import { attempt, showDone } from "../../app/notices.js";
import { client } from "../../daemon/connection.js";
import { download } from "../../ui/download.js";
import { Table, type TableColumn } from "../../ui/table.js";
import { useAnswer } from "../../ui/use-answer.js";
import { AnswerOf, fileNameFor, FrameLink, SaveBar, Warnings } from "../report-parts.js";
import { sourceOf, useSessionAnswer, warningsOf } from "../run.js";
import { uniqueNames, type ZipEntry, zipOf } from "../zip.js";
import type { ReportProps } from "./registry.js";

const COLUMNS: readonly TableColumn<ExportObject>[] = [
  {
    title: "Packet",
    value: ({ frameNumber }) => frameNumber,
    show: ({ frameNumber }) => <FrameLink frame={frameNumber} />,
  },
  { title: "Hostname", value: ({ host }) => host },
  { title: "Content Type", value: ({ contentType }) => contentType },
  { title: "Size", value: ({ sizeBytes }) => sizeBytes },
  { title: "Filename", value: ({ fileName }) => fileName },
];

async function listObjects(
  session: Session,
  type: string,
  signal: AbortSignal,
): Promise<{ objects: ExportObject[]; warnings: string[] }> {
  const objects: ExportObject[] = [];
  let warnings: string[] = [];
  const request = { source: sourceOf(session), type };
  for await (const { kind } of client.value.services.analysis.listExportObjects(request, {
    signal,
  })) {
    if (kind.case === "object") objects.push(kind.value);
    if (kind.case === "end") warnings = warningsOf(kind.value);
  }
  return { objects, warnings };
}

/** Reads the content of objects; no indexes are all. */
async function readObjects(
  session: Session,
  type: string,
  indexes: readonly number[],
): Promise<ZipEntry[]> {
  const request = { source: sourceOf(session), type, indexes: [...indexes] };
  const read: { name: string; chunks: Uint8Array<ArrayBuffer>[] }[] = [];
  for await (const { kind } of client.value.services.analysis.readExportObjects(request)) {
    if (kind.case === "object") read.push({ name: kind.value.exportName, chunks: [] });
    if (kind.case === "chunk") read.at(-1)?.chunks.push(kind.value as Uint8Array<ArrayBuffer>);
  }
  return Promise.all(
    read.map(async ({ name, chunks }) => ({
      name: name || "object",
      content: new Uint8Array(await new Blob(chunks).arrayBuffer()),
    })),
  );
}

async function saveOne(session: Session, type: string, { index }: ExportObject): Promise<void> {
  for (const { name, content } of await readObjects(session, type, [index])) {
    download(name, new Blob([content as Uint8Array<ArrayBuffer>]));
  }
}

async function saveAll(
  session: Session,
  type: string,
  objects: readonly ExportObject[],
): Promise<void> {
  const indexes = objects.map(({ index }) => index);
  const entries = await readObjects(session, type, indexes);
  const names = uniqueNames(entries.map(({ name }) => name));
  const renamed = entries.map(({ content }, at) => ({ name: names[at] ?? "object", content }));
  download(fileNameFor(`${type}-objects`, "zip"), zipOf(renamed));
  showDone(`${String(entries.length)} objects are in the archive.`);
}

function Types({ types, chosen }: { types: readonly string[]; chosen: string }): JSX.Element {
  return (
    <label>
      Protocol{" "}
      <select
        value={chosen}
        onChange={({ currentTarget }) => {
          setQuery({ type: currentTarget.value, sort: undefined });
        }}
      >
        {types.map((type) => (
          <option key={type} value={type}>
            {type.toUpperCase()}
          </option>
        ))}
      </select>
    </label>
  );
}

function isWanted({ host, contentType, fileName }: ExportObject, text: string): boolean {
  return `${host} ${contentType} ${fileName}`.toLowerCase().includes(text.toLowerCase());
}

function Objects(props: {
  readonly session: Session;
  readonly type: string;
  readonly objects: readonly ExportObject[];
}): JSX.Element {
  const { session, type, objects } = props;
  const { text = "" } = address.value.query;
  const shown = objects.filter((object) => isWanted(object, text));
  const save: TableColumn<ExportObject> = {
    title: "Save",
    value: () => "",
    show: (object) => (
      <button
        type="button"
        class="in-row"
        aria-label={`Save ${object.fileName || object.exportName}`}
        onClick={() => {
          attempt(() => saveOne(session, type, object));
        }}
      >
        Save
      </button>
    ),
  };
  return (
    <>
      <label class="text-filter">
        Text filter{" "}
        <input
          type="search"
          value={text}
          onInput={({ currentTarget }) => {
            setQuery({ text: currentTarget.value }, { replace: true });
          }}
        />
      </label>
      <div class="table-area">
        {shown.length === 0 ? (
          <p class="pending">
            {objects.length === 0
              ? "The capture has no objects of this protocol."
              : "No object has this text."}
          </p>
        ) : (
          <Table
            label={`${type.toUpperCase()} object list`}
            columns={[...COLUMNS, save]}
            rows={shown}
            keyOf={({ index }) => String(index)}
            orderName="sort"
          />
        )}
      </div>
      <SaveBar name={`${type}-object-list`} columns={COLUMNS} rows={shown}>
        <button
          type="button"
          disabled={shown.length === 0}
          onClick={() => {
            attempt(() => saveAll(session, type, shown));
          }}
        >
          Save All
        </button>
      </SaveBar>
    </>
  );
}

/** File > Export Objects. */
export function ObjectsReport({ session }: ReportProps): JSX.Element {
  const type = address.value.query["type"] ?? "http";
  const known = useAnswer(
    (signal) => client.value.services.analysis.listReports({}, { signal }),
    [client.value],
  );
  const answer = useSessionAnswer(session, (signal) => listObjects(session, type, signal), [type]);
  return (
    <>
      <Types types={known.value?.objectTypes ?? [type]} chosen={type} />
      <AnswerOf answer={answer}>
        {({ objects, warnings }) => (
          <>
            <Warnings texts={warnings} />
            <Objects session={session} type={type} objects={objects} />
          </>
        )}
      </AnswerOf>
    </>
  );
}
