// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { File } from "@dissectd/client/api";
import { address, formatAddress, setQuery } from "../app/address.js";
import { client } from "../daemon/connection.js";
import { size } from "../live/format.js";
import { Failure } from "../ui/failure.js";
import { type MenuItem, showMenu } from "../ui/menu.js";
import { Table, type TableColumn } from "../ui/table.js";
import { useAnswer } from "../ui/use-answer.js";
import { deleteFile, downloadFile, openFile } from "./file-actions.js";
import { listFiles, STEP } from "./file-list.js";
import { Panel } from "./panel.js";
import { PropertiesDialog } from "./properties-dialog.js";
import { baseName, folderOf, minuteOf, pathOf, timeOf } from "./texts.js";
import { filesChanged } from "./uploads.js";

function columnsFor(menuOf: (file: File) => MenuItem[]): TableColumn<File>[] {
  const nameCell = (file: File): JSX.Element => {
    const path = pathOf(file.name);
    const folder = folderOf(file.name);
    return (
      <span class="name-cell">
        <a href={formatAddress({ view: "packets", source: file.name, query: {} })} title={path}>
          {baseName(file.name)}
        </a>
        {folder && <span class="advice folder">{folder}</span>}
        <button
          type="button"
          class="more"
          aria-haspopup="menu"
          aria-label={`Actions for ${path}`}
          onClick={(event) => {
            showMenu(event, menuOf(file));
          }}
        >
          ⋯
        </button>
      </span>
    );
  };
  return [
    { title: "Name", value: ({ name }) => pathOf(name), show: nameCell },
    {
      title: "Size",
      value: ({ sizeBytes }) => sizeBytes,
      show: ({ sizeBytes }) => size(Number(sizeBytes)),
    },
    {
      title: "Modified",
      value: ({ modifyTime }) => timeOf(modifyTime),
      show: ({ modifyTime }) => minuteOf(modifyTime),
    },
    { title: "Owner", value: ({ owner }) => owner },
  ];
}

/** The files of the store. */
export function FilesPanel(): JSX.Element {
  const [shown, setShown] = useState(STEP);
  const [properties, setProperties] = useState<File | undefined>(undefined);
  const text = address.value.query["name"] ?? "";
  const { value, error } = useAnswer(
    (signal) => listFiles(text, shown, signal),
    [client.value, text, shown, filesChanged.value],
  );

  const menuOf = (file: File): MenuItem[] => [
    {
      label: "Open",
      action: (): void => {
        openFile(file);
      },
    },
    {
      label: "Capture File Properties",
      action: (): void => {
        setProperties(file);
      },
    },
    {
      label: "Download",
      action: (): void => {
        downloadFile(file);
      },
    },
    ...(file.deletable
      ? [
          {
            label: "Delete …",
            action: (): void => {
              deleteFile(file);
            },
          },
        ]
      : []),
  ];
  const columns = useMemo(() => columnsFor(menuOf), []);
  const files = value?.files ?? [];
  return (
    <Panel
      title="Files"
      tools={
        <input
          type="search"
          aria-label="Filter files by name"
          placeholder="Filter by name …"
          value={text}
          onInput={({ currentTarget }) => {
            setShown(STEP);
            setQuery({ name: currentTarget.value || undefined }, { replace: true });
          }}
        />
      }
    >
      {error !== undefined && <Failure error={error} />}
      {value && files.length === 0 && (
        <p class="advice">
          {text ? `No file's name contains "${text}".` : "The store is empty. Drop a file here."}
        </p>
      )}
      {error === undefined && files.length > 0 && (
        <div class="scroll">
          <Table
            label="Files"
            columns={columns}
            rows={files}
            keyOf={({ name }) => name}
            onOpen={openFile}
            onMenu={(event, file) => {
              showMenu(event, menuOf(file));
            }}
          />
        </div>
      )}
      {value?.hasMore && (
        <button
          type="button"
          onClick={() => {
            setShown(shown + STEP);
          }}
        >
          Show more files
        </button>
      )}
      {properties && (
        <PropertiesDialog
          name={properties.name}
          onClose={() => {
            setProperties(undefined);
          }}
        />
      )}
    </Panel>
  );
}
