// SPDX-License-Identifier: Apache-2.0

/** The bytes of a followed stream as the texts that Wireshark offers. */

export const STREAM_FORMATS = ["ASCII", "C Arrays", "Hex Dump", "Raw", "UTF-8"] as const;
export type StreamFormat = (typeof STREAM_FORMATS)[number];

/** Bytes that one side has sent. */
export interface StreamPiece {
  readonly fromServer: boolean;
  readonly frame: number;
  readonly data: Uint8Array;
}

export interface StreamText {
  readonly fromServer: boolean;
  readonly frame: number;
  readonly text: string;
}

const BYTES_PER_LINE = 16;
const BYTES_PER_ARRAY_LINE = 8;
const SERVER_INDENT = "    ";

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

/** Returns text in which a dot stands for what isn't ASCII. */
function ascii(data: Uint8Array): string {
  let text = "";
  for (const byte of data) {
    const isKept = isPrintable(byte) || byte === 0x0a || byte === 0x0d || byte === 0x09;
    text += isKept ? String.fromCharCode(byte) : ".";
  }
  return text;
}

function dumpLine(bytes: Uint8Array, offset: number): string {
  const cells = Array.from(bytes, hex);
  const characters = Array.from(bytes, (byte) =>
    isPrintable(byte) ? String.fromCharCode(byte) : ".",
  );
  const half = BYTES_PER_LINE / 2;
  const digits = `${cells.slice(0, half).join(" ")}  ${cells.slice(half).join(" ")}`;
  const text = `${characters.slice(0, half).join("")} ${characters.slice(half).join("")}`;
  return `${offset.toString(16).padStart(8, "0")}  ${digits.padEnd(49)}  ${text}\n`;
}

function linesOf(data: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(data.length / size);
  return Array.from({ length: count }, (_, line) => data.subarray(line * size, (line + 1) * size));
}

/** Returns a function that makes hex dumps, whose offsets go on for each side. */
function hexDumper(): (piece: StreamPiece) => string {
  const offsets = { client: 0, server: 0 };
  return ({ fromServer, data }) => {
    const side = fromServer ? "server" : "client";
    const indent = fromServer ? SERVER_INDENT : "";
    const start = offsets[side];
    offsets[side] += data.length;
    return linesOf(data, BYTES_PER_LINE)
      .map((line, index) => indent + dumpLine(line, start + index * BYTES_PER_LINE))
      .join("");
  };
}

/** Returns a function that makes arrays of C, numbered for each side. */
function arrayMaker(): (piece: StreamPiece) => string {
  const numbers = [0, 0];
  return ({ fromServer, frame, data }) => {
    const side = fromServer ? 1 : 0;
    const number = numbers[side] ?? 0;
    numbers[side] = number + 1;
    const lines = linesOf(data, BYTES_PER_ARRAY_LINE).map((line) =>
      Array.from(line, (byte) => `0x${hex(byte)}`).join(", "),
    );
    const name = `peer${String(side)}_${String(number)}`;
    return `char ${name}[] = { /* Packet ${String(frame)} */\n${lines.join(",\n")} };\n`;
  };
}

/** Returns a function that decodes UTF-8, whose characters may be cut between two pieces. */
function decoder(): (piece: StreamPiece) => string {
  const decoders = [new TextDecoder(), new TextDecoder()];
  return ({ fromServer, data }) =>
    decoders[fromServer ? 1 : 0]?.decode(data, { stream: true }) ?? "";
}

function writerOf(format: StreamFormat): (piece: StreamPiece) => string {
  switch (format) {
    case "ASCII":
      return ({ data }) => ascii(data);
    case "C Arrays":
      return arrayMaker();
    case "Hex Dump":
      return hexDumper();
    case "Raw":
      return ({ data }) => `${Array.from(data, hex).join("")}\n`;
    case "UTF-8":
      return decoder();
  }
}

export function streamTexts(format: StreamFormat, pieces: readonly StreamPiece[]): StreamText[] {
  const write = writerOf(format);
  return pieces.map((piece) => ({
    fromServer: piece.fromServer,
    frame: piece.frame,
    text: write(piece),
  }));
}

/** Splits a text at each place where another one occurs: every second part is such a one. */
export function splitAt(text: string, wanted: string): string[] {
  if (wanted === "") return [text];
  const pattern = wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.split(new RegExp(`(${pattern})`, "i"));
}

/** Tells how many packets each side has sent, and how often they took turns. */
export function turnsOf(pieces: readonly StreamPiece[]): {
  client: number;
  server: number;
  turns: number;
} {
  const server = pieces.filter(({ fromServer }) => fromServer).length;
  const turns = pieces.filter(
    ({ fromServer }, index) => index > 0 && pieces[index - 1]?.fromServer !== fromServer,
  ).length;
  return { client: pieces.length - server, server, turns };
}
