// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { formatAddress, navigate } from "../app/address.js";
import { attempt } from "../app/notices.js";
import { client } from "../daemon/connection.js";
import { deleteCapture, openLive, stopCapture } from "../live/capture-actions.js";
import { StateBadge } from "../live/capture-buttons.js";
import { filtersOf, isActive, stateName, titleOf } from "../live/capture-state.js";
import { count, size } from "../live/format.js";
import { Failure } from "../ui/failure.js";
import { type MenuItem, showMenu } from "../ui/menu.js";
import { Table, type TableColumn } from "../ui/table.js";
import { usePolled } from "../ui/use-polled.js";
import { capturesWithSizes, type ListedCapture } from "./capture-list.js";
import { Panel } from "./panel.js";
import { minuteOf, timeOf } from "./texts.js";
import { filesChanged } from "./uploads.js";

const EVERY_MS = 2000;

function open({ capture }: ListedCapture): void {
  if (isActive(capture)) openLive(capture.name);
  else navigate({ view: "packets", source: capture.name, query: {} });
}

function stop({ capture }: ListedCapture): void {
  attempt(async () => {
    await stopCapture(capture);
    filesChanged.value++;
  });
}

function menuOf(row: ListedCapture): MenuItem[] {
  const { capture } = row;
  return [
    {
      label: "Packets",
      action: (): void => {
        navigate({ view: "packets", source: capture.name, query: {} });
      },
    },
    {
      label: "Live view",
      action: (): void => {
        openLive(capture.name);
      },
    },
    ...(isActive(capture)
      ? [
          {
            label: "Stop",
            action: (): void => {
              stop(row);
            },
          },
        ]
      : []),
    {
      label: "Delete …",
      action: (): void => {
        deleteCapture(capture);
      },
    },
  ];
}

function nameCell(row: ListedCapture): JSX.Element {
  const { capture } = row;
  const view = isActive(capture) ? "live" : "packets";
  const title = titleOf(capture);
  const filters = filtersOf(capture);
  return (
    <span class="name-cell">
      <a href={formatAddress({ view, source: capture.name, query: {} })} title={capture.name}>
        {title}
      </a>
      {filters && (
        <span class="advice folder" title={filters}>
          {filters}
        </span>
      )}
      {isActive(capture) && (
        <button
          type="button"
          aria-label={`Stop the capture from ${title}`}
          title="Stop"
          onClick={() => {
            stop(row);
          }}
        >
          ■
        </button>
      )}
      <button
        type="button"
        class="more"
        aria-haspopup="menu"
        aria-label={`Actions for the capture from ${title}`}
        onClick={(event) => {
          showMenu(event, menuOf(row));
        }}
      >
        ⋯
      </button>
    </span>
  );
}

const COLUMNS: readonly TableColumn<ListedCapture>[] = [
  { title: "Capture", value: ({ capture }) => titleOf(capture), show: nameCell },
  {
    title: "State",
    value: ({ capture }) => stateName(capture),
    show: ({ capture }) => <StateBadge capture={capture} />,
  },
  {
    title: "Packets",
    value: ({ capture }) => capture.packetsWritten,
    show: ({ capture }) => count(Number(capture.packetsWritten)),
  },
  {
    title: "Size",
    value: ({ bytes }) => bytes ?? -1,
    show: ({ bytes }) => (bytes === undefined ? "hidden" : size(bytes)),
  },
  {
    title: "Started",
    value: ({ capture }) => timeOf(capture.createTime),
    show: ({ capture }) => minuteOf(capture.createTime),
  },
  { title: "Owner", value: ({ capture }) => capture.owner },
];

/** Captures that run, and those that have ended. */
export function CapturesPanel(): JSX.Element {
  const about = [client.value, filesChanged.value];
  const { value, error } = usePolled(capturesWithSizes, EVERY_MS, about);
  const rows = useMemo(() => value ?? [], [value]);
  return (
    <Panel title="Captures" tools={<a href="#/live">All live</a>}>
      {error !== undefined && <Failure error={error} />}
      {value?.length === 0 && (
        <p class="advice">There is none. A double click on an interface starts one.</p>
      )}
      {rows.length > 0 && (
        <div class="scroll">
          <Table
            label="Captures"
            columns={COLUMNS}
            rows={rows}
            keyOf={({ capture }) => capture.name}
            onOpen={open}
            onMenu={(event, row) => {
              showMenu(event, menuOf(row));
            }}
          />
        </div>
      )}
    </Panel>
  );
}
