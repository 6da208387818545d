// SPDX-License-Identifier: Apache-2.0

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Progress } from "./gen/dissectd/v1/dissection_pb.js";
import {
  type OpenSessionRequestSchema,
  SessionSchema,
  type Session as SessionMessage,
} from "./gen/dissectd/v1/session_pb.js";
import type { NamesOf } from "./options.js";
import { DISSECTION_NAMES, type Dissection } from "./request.js";
import type { Services } from "./services.js";

/** How to open a capture. */
export interface OpenOptions extends Dissection {
  /**
   * Called again and again while the capture is read, with the frames and bytes so far; not
   * at all for a small one, which is read before there is progress to tell.
   */
  onProgress?: (progress: Progress) => void;
  /** Ends the reading, and closes the session. */
  signal?: AbortSignal;
}

export const OPEN_NAMES: NamesOf<OpenOptions> = {
  ...DISSECTION_NAMES,
  onProgress: true,
  signal: true,
};

type OpenRequest = MessageInitShape<typeof OpenSessionRequestSchema>;
type Waiting = Pick<OpenOptions, "onProgress" | "signal">;

/** Opens a session, and returns what it is once its capture has been read. */
export async function openSession(
  api: Services["session"],
  request: OpenRequest,
  { onProgress, signal }: Waiting,
): Promise<SessionMessage> {
  let session = create(SessionSchema);
  try {
    for await (const { kind } of api.openSession(request, signal ? { signal } : {})) {
      if (kind.case === "session") session = kind.value;
      if (kind.case === "progress") onProgress?.(kind.value);
    }
    // It may have been aborted after the last message.
    signal?.throwIfAborted();
    return session;
  } catch (error) {
    // The session would stay without anybody who knows its name. What has failed may keep
    // it from being closed, too.
    if (session.name !== "") await api.closeSession({ name: session.name }).catch(() => undefined);
    signal?.throwIfAborted();
    throw error;
  }
}
