// SPDX-License-Identifier: Apache-2.0

import type { JSX } from "preact";
import { formatAddress } from "../app/address.js";
import { attempt } from "../app/notices.js";
import { explain } from "../daemon/errors.js";
import { server } from "../daemon/servers.js";
import { size } from "../live/format.js";
import { Panel } from "./panel.js";
import { isOf, type Part, parts } from "./parts.js";
import {
  addUploads,
  cancelUpload,
  forgetUpload,
  pauseUpload,
  removeUpload,
  resumeUpload,
  type UploadItem,
  uploads,
  type UploadState,
} from "./uploads.js";

interface UploadButton {
  readonly label: string;
  readonly action: (item: UploadItem) => void;
}

const PAUSE = {
  label: "Pause",
  action: ({ key }: UploadItem): void => {
    pauseUpload(key);
  },
};
const RESUME = {
  label: "Resume",
  action: ({ key }: UploadItem): void => {
    resumeUpload(key);
  },
};
const CANCEL = {
  label: "Cancel",
  action: ({ key }: UploadItem): void => {
    attempt(() => cancelUpload(key));
  },
};
const REMOVE = {
  label: "Dismiss",
  action: ({ key }: UploadItem): void => {
    removeUpload(key);
  },
};

const BUTTONS: Readonly<Record<UploadState, readonly UploadButton[]>> = {
  waiting: [CANCEL],
  sending: [PAUSE, CANCEL],
  paused: [RESUME, CANCEL],
  failed: [RESUME, CANCEL],
  done: [REMOVE],
};

function progressText({ state, bytes, file, error }: UploadItem): string {
  const sent = `${size(bytes)} of ${size(file.size)}`;
  if (state === "done") return size(file.size);
  if (state === "failed") {
    const { message, advice } = explain(error);
    return `Broke off at ${sent}. ${message} ${advice}`;
  }
  if (state === "sending" && bytes === 0) return "reading the file …";
  return state === "sending" ? sent : `${state}, ${sent}`;
}

function UploadLine({ item }: { readonly item: UploadItem }): JSX.Element {
  const { file, state, bytes, stored } = item;
  return (
    <li class={`upload ${state}`}>
      {stored === undefined ? (
        <span class="upload-name">{file.name}</span>
      ) : (
        <a href={formatAddress({ view: "packets", source: stored, query: {} })}>Open {file.name}</a>
      )}
      {state !== "done" && (
        <progress
          aria-label={`Upload of ${file.name}`}
          {...(state === "sending" && bytes === 0 ? {} : { value: bytes })}
          max={Math.max(1, file.size)}
        />
      )}
      <span class="upload-text">{progressText(item)}</span>
      {BUTTONS[state].map(({ label, action }) => (
        <button
          key={label}
          type="button"
          aria-label={`${label} the upload of ${file.name}`}
          onClick={() => {
            action(item);
          }}
        >
          {label}
        </button>
      ))}
    </li>
  );
}

/** An upload that was left when the page was closed. */
function PartLine({ part }: { readonly part: Part }): JSX.Element {
  const { name, bytes, size: total } = part;
  return (
    <li class="upload">
      <span class="upload-name">{name}</span>
      <span class="upload-text">
        {`${size(bytes)} of ${size(total)} are there. Choose the file again to go on.`}
      </span>
      <button
        type="button"
        aria-label={`Forget the upload of ${name}`}
        onClick={() => {
          attempt(() => forgetUpload(part, part.server));
        }}
      >
        Forget
      </button>
    </li>
  );
}

/** Where files are dropped or chosen, and how far they are. */
export function UploadsPanel(): JSX.Element {
  const items = uploads.value.filter((item) => item.server === server.value.url);
  const left = parts.value.filter((part) => !items.some(({ file }) => isOf(file, part)));
  return (
    <Panel title="Upload">
      <label class="drop-place">
        Drop capture files anywhere on this page, or choose them:{" "}
        <input
          type="file"
          multiple
          onChange={({ currentTarget }) => {
            addUploads(currentTarget.files ?? []);
            // Browsers tell nothing about the choice of a file that the input already has.
            currentTarget.value = "";
          }}
        />
      </label>
      {items.length + left.length > 0 && (
        <ul class="lines" aria-label="Uploads">
          {items.map((item) => (
            <UploadLine key={item.key} item={item} />
          ))}
          {left.map((part) => (
            <PartLine key={part.upload} part={part} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
