// SPDX-License-Identifier: Apache-2.0

/** The dialogs of the packets' menus, of which one is open at a time. */
import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { CommentDialog } from "./comment-dialog.js";
import { DecodeAsDialog } from "./decode-as-dialog.js";
import { GoToDialog } from "./go-to-dialog.js";
import { PreferencesDialog } from "./preferences-dialog.js";

export type PacketDialog =
  | { readonly kind: "comments"; readonly frame: number; readonly comments: readonly string[] }
  | { readonly kind: "decode-as" }
  | { readonly kind: "go-to" }
  | { readonly kind: "preferences"; readonly module: string };

export const openDialog = signal<PacketDialog | undefined>(undefined);

function close(): void {
  openDialog.value = undefined;
}

/** Where the dialogs appear. */
export function DialogPlace(): JSX.Element | null {
  const dialog = openDialog.value;
  switch (dialog?.kind) {
    case "comments":
      return <CommentDialog frame={dialog.frame} comments={dialog.comments} onClose={close} />;
    case "decode-as":
      return <DecodeAsDialog onClose={close} />;
    case "go-to":
      return <GoToDialog onClose={close} />;
    case "preferences":
      return <PreferencesDialog module={dialog.module} onClose={close} />;
    case undefined:
      return null;
  }
}
