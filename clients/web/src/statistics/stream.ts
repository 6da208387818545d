// SPDX-License-Identifier: Apache-2.0

/** Reads followed streams. */
import type { Session } from "@dissectd/client";
import type { FollowedStream } from "@dissectd/client/api";
import { client } from "../daemon/connection.js";
import { sourceOf, warningsOf } from "./run.js";
import type { StreamPiece } from "./stream-text.js";

export interface StreamChoice {
  /** For example `tcp`. */
  readonly follower: string;
  readonly stream: number;
  /** For followers with streams in streams, such as HTTP/2. */
  readonly subStream: number | undefined;
}

export interface ReadStream {
  readonly header: FollowedStream | undefined;
  readonly pieces: readonly StreamPiece[];
  readonly warnings: readonly string[];
}

/** Returns whether a follower has streams in streams. */
export function hasSubStreams(follower: string): boolean {
  return ["http2", "quic"].includes(follower.toLowerCase());
}

/** Reads a stream; 0 bytes are all. */
export async function readStream(
  session: Session,
  { follower, stream, subStream }: StreamChoice,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<ReadStream> {
  const responses = client.value.services.analysis.followStream(
    {
      source: sourceOf(session),
      follower,
      selection: { case: "stream", value: stream },
      maxBytes: BigInt(maxBytes),
      ...(subStream !== undefined && { subStream }),
    },
    signal ? { signal } : {},
  );
  const pieces: StreamPiece[] = [];
  let header: FollowedStream | undefined;
  let warnings: string[] = [];
  for await (const { kind } of responses) {
    if (kind.case === "header") header = kind.value;
    if (kind.case === "end") warnings = warningsOf(kind.value);
    if (kind.case !== "chunk") continue;
    const { fromServer, frameNumber, data } = kind.value;
    pieces.push({ fromServer, frame: frameNumber, data });
  }
  return { header, pieces, warnings };
}
