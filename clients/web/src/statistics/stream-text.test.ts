// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from "vitest";
import {
  splitAt,
  type StreamFormat,
  type StreamPiece,
  streamTexts,
  turnsOf,
} from "./stream-text.js";

function piece(fromServer: boolean, data: string | Uint8Array, frame = 1): StreamPiece {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return { fromServer, frame, data: bytes };
}

function textsOf(format: StreamFormat, ...pieces: StreamPiece[]): string[] {
  return streamTexts(format, pieces).map(({ text }) => text);
}

describe("the text of a stream", () => {
  test("has dots for what isn't ASCII", () => {
    expect(textsOf("ASCII", piece(false, "GET é\t\0\r\n"))).toEqual(["GET ..\t.\r\n"]);
  });

  test("as hex dump is what Wireshark shows, with offsets for each side", () => {
    const long = "GET /index.html HTTP/1.1";
    expect(textsOf("Hex Dump", piece(false, long), piece(true, "ok"), piece(false, "\n"))).toEqual([
      "00000000  47 45 54 20 2f 69 6e 64  65 78 2e 68 74 6d 6c 20   GET /ind ex.html \n" +
        `00000010  48 54 54 50 2f 31 2e 31  ${" ".repeat(24)}  HTTP/1.1 \n`,
      `    00000000  6f 6b${" ".repeat(46)}ok \n`,
      `00000018  0a${" ".repeat(49)}. \n`,
    ]);
  });

  test("as arrays of C numbers those of each side", () => {
    const texts = textsOf(
      "C Arrays",
      piece(false, "a", 4),
      piece(true, "123456789", 6),
      piece(false, "b", 7),
    );
    expect(texts).toEqual([
      "char peer0_0[] = { /* Packet 4 */\n0x61 };\n",
      "char peer1_0[] = { /* Packet 6 */\n" +
        "0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38,\n0x39 };\n",
      "char peer0_1[] = { /* Packet 7 */\n0x62 };\n",
    ]);
  });

  test("as raw data is hexadecimal", () => {
    expect(textsOf("Raw", piece(false, new Uint8Array([0, 15, 255])))).toEqual(["000fff\n"]);
  });

  test("has characters of UTF-8 that are cut between two pieces of one side", () => {
    const [first, second] = [new Uint8Array([0xc3]), new Uint8Array([0xa9])];
    const pieces = [piece(false, first), piece(true, "ü"), piece(false, second)];
    expect(textsOf("UTF-8", ...pieces)).toEqual(["", "ü", "é"]);
  });

  test("is split where a text occurs, in any case", () => {
    expect(splitAt("GET /a.b get", "get")).toEqual(["", "GET", " /a.b ", "get", ""]);
    expect(splitAt("a.b axb", "a.b")).toEqual(["", "a.b", " axb"]);
    expect(splitAt("text", "")).toEqual(["text"]);
  });

  test("tells how often the sides took turns", () => {
    const pieces = [piece(false, "a"), piece(false, "b"), piece(true, "c"), piece(false, "d")];
    expect(turnsOf(pieces)).toEqual({ client: 3, server: 1, turns: 2 });
    expect(turnsOf([])).toEqual({ client: 0, server: 0, turns: 0 });
  });
});
