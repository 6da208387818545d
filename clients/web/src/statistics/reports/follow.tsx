// SPDX-License-Identifier: Apache-2.0

import type { Session } from "@dissectd/client";
import type { FollowedStream } from "@dissectd/client/api";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { address } from "../../app/address.js";
import { attempt } from "../../app/notices.js";
import { combine } from "../../filter/combine.js";
import { appliedFilter, applyFilter } from "../../filter/draft.js";
import { download } from "../../ui/download.js";
import { AnswerOf, fileNameFor, Warnings } from "../report-parts.js";
import { useSessionAnswer } from "../run.js";
import { hasSubStreams, readStream, type ReadStream, type StreamChoice } from "../stream.js";
import { StreamContent } from "../stream-content.js";
import {
  type Direction,
  DirectionChoice,
  DIRECTIONS,
  Followers,
  ShowAs,
  StreamNumber,
} from "../stream-controls.js";
import {
  STREAM_FORMATS,
  type StreamFormat,
  type StreamPiece,
  streamTexts,
  turnsOf,
} from "../stream-text.js";
import type { ReportProps } from "./registry.js";

// A page with more text becomes slow; the user can ask for all of it.
const FIRST_BYTES = 256 * 1024;

function choiceOf(query: Readonly<Record<string, string>>): StreamChoice {
  const follower = (query["follower"] ?? "tcp").toLowerCase();
  // The first request of HTTP/2 is in stream 1, and that of QUIC in stream 0.
  const firstSubStream = follower === "http2" ? "1" : "0";
  return {
    follower,
    stream: Number(query["stream"] ?? "0") || 0,
    subStream: hasSubStreams(follower)
      ? Number(query["substream"] ?? firstSubStream) || 0
      : undefined,
  };
}

function formatOf(query: Readonly<Record<string, string>>): StreamFormat {
  return STREAM_FORMATS.find((format) => format === query["as"]) ?? "ASCII";
}

function directionOf(query: Readonly<Record<string, string>>): Direction {
  return DIRECTIONS.find((direction) => direction === query["direction"]) ?? "both";
}

function piecesIn(direction: Direction, pieces: readonly StreamPiece[]): readonly StreamPiece[] {
  if (direction === "both") return pieces;
  return pieces.filter(({ fromServer }) => fromServer === (direction === "server"));
}

/** Saves all of a stream, however much of it is shown. */
async function save(
  session: Session,
  choice: StreamChoice,
  format: StreamFormat,
  direction: Direction,
): Promise<void> {
  const { pieces } = await readStream(session, choice, 0);
  const wanted = piecesIn(direction, pieces);
  const isRaw = format === "Raw";
  const parts = isRaw
    ? wanted.map(({ data }) => data as Uint8Array<ArrayBuffer>)
    : streamTexts(format, wanted).map(({ text }) => text);
  const type = isRaw ? "application/octet-stream" : "text/plain";
  const name = `${choice.follower}-stream-${String(choice.stream)}`;
  download(fileNameFor(name, isRaw ? "bin" : "txt"), new Blob(parts, { type }));
}

function Actions(props: {
  readonly header: FollowedStream | undefined;
  readonly onSave: () => void;
}): JSX.Element {
  const { header, onSave } = props;
  const filter = header?.displayFilter ?? "";
  return (
    <footer class="report-actions">
      <button type="button" onClick={onSave}>
        Save as…
      </button>
      {filter && (
        <>
          <button
            type="button"
            onClick={() => {
              applyFilter(filter);
            }}
          >
            Show its packets
          </button>
          <button
            type="button"
            onClick={() => {
              applyFilter(combine(appliedFilter.value, filter, "… and not Selected"));
            }}
          >
            Filter Out This Stream
          </button>
        </>
      )}
    </footer>
  );
}

function Stream(props: {
  readonly session: Session;
  readonly choice: StreamChoice;
  readonly stream: ReadStream;
  readonly onAll: () => void;
}): JSX.Element {
  const { session, choice, stream, onAll } = props;
  const { header, pieces, warnings } = stream;
  const { query } = address.value;
  const [format, direction] = [formatOf(query), directionOf(query)];
  const shown = piecesIn(direction, pieces);
  const texts = useMemo(() => streamTexts(format, shown), [format, direction, pieces]);
  const { client: sent, server: answered, turns } = turnsOf(pieces);
  const bytes = pieces.reduce((sum, { data }) => sum + data.length, 0);
  const all = Number((header?.clientBytes ?? 0n) + (header?.serverBytes ?? 0n));
  return (
    <>
      <Warnings texts={warnings} />
      {pieces.length === 0 ? (
        <p class="pending">There is no such stream, or it has no data.</p>
      ) : (
        <StreamContent texts={texts} />
      )}
      <p class="stream-facts">
        {sent} client pkts, {answered} server pkts, {turns} turns.{" "}
        {bytes < all && (
          <button type="button" onClick={onAll}>
            Show all {all} bytes instead of {bytes}
          </button>
        )}
      </p>
      <div class="stream-choices">
        <DirectionChoice stream={stream} direction={direction} />
        <ShowAs format={format} />
      </div>
      <Actions
        header={header}
        onSave={() => {
          attempt(() => save(session, choice, format, direction));
        }}
      />
    </>
  );
}

/** Analyze > Follow. */
export function FollowReport({ session }: ReportProps): JSX.Element {
  const choice = choiceOf(address.value.query);
  const { follower, stream, subStream } = choice;
  const shownStream = `${follower}/${String(stream)}/${String(subStream)}`;
  // Which stream is shown in full.
  const [inFull, setInFull] = useState("");
  const maxBytes = inFull === shownStream ? 0 : FIRST_BYTES;
  const answer = useSessionAnswer(
    session,
    (signal) => readStream(session, choice, maxBytes, signal),
    [shownStream, maxBytes],
  );
  return (
    <>
      <div class="stream-choices">
        <Followers chosen={follower} />
        <StreamNumber label="Stream" name="stream" value={stream} />
        {subStream !== undefined && (
          <StreamNumber label="Substream" name="substream" value={subStream} />
        )}
      </div>
      <AnswerOf answer={answer}>
        {(value) => (
          <Stream
            session={session}
            choice={choice}
            stream={value}
            onAll={() => {
              setInFull(shownStream);
            }}
          />
        )}
      </AnswerOf>
    </>
  );
}
