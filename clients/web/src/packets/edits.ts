// SPDX-License-Identifier: Apache-2.0

/** Marks, ignored frames, time references and comments, which the session keeps. */
import { create } from "@bufbuild/protobuf";
import { type SessionEdit, SessionEditSchema } from "@dissectd/client/api";
import { attempt } from "../app/notices.js";
import { client } from "../daemon/connection.js";
import { revision, session } from "../daemon/open-capture.js";
import { frameList } from "./shown-list.js";

/** What can be switched on and off for a frame. */
export type FrameSwitch = "mark" | "ignore" | "timeReference";

async function edit(edits: SessionEdit[]): Promise<void> {
  const edited = session.value;
  if (!edited) return;
  await client.value.services.session.editSession({ name: edited.name, edits });
  revision.value++;
}

/** Switches something on for a frame, or off if it is on. */
export function toggle(kind: FrameSwitch, frame: number, isOn: boolean): void {
  const value = { frameNumbers: [frame], undo: isOn };
  attempt(() => edit([create(SessionEditSchema, { edit: { case: kind, value } })]));
}

/** Switches it for the frame at a position of the list. */
export async function toggleAt(kind: FrameSwitch, position: number): Promise<void> {
  const row = await frameList.value?.load(position);
  if (!row) return;
  const { number, marked, ignored, timeReference } = row.frame;
  toggle(kind, number, { mark: marked, ignore: ignored, timeReference }[kind]);
}

/** Sets all comments of a frame. */
export function setComments(frameNumber: number, comments: string[]): Promise<void> {
  const value = { frameNumber, comments };
  return edit([create(SessionEditSchema, { edit: { case: "frameComments", value } })]);
}
