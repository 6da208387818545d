// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address.js";

describe("an address", () => {
  test.each([
    ["#/start", { view: "start", source: "", query: {} }],
    [
      "#/packets/files/a%20b/c.pcap?filter=tcp.port+%3D%3D+80&frame=7",
      {
        view: "packets",
        source: "files/a b/c.pcap",
        query: { filter: "tcp.port == 80", frame: "7" },
      },
    ],
    ["#/live/captures/1", { view: "live", source: "captures/1", query: {} }],
  ])("%s is read, and written the same", (text, address) => {
    expect(parseAddress(text)).toEqual(address);
    expect(formatAddress(parseAddress(text))).toBe(text);
  });

  test.each(["", "#", "#/", "#/nothing", "#anchor", "#/packets/files/50%"])(
    "%s is the start",
    (text) => {
      expect(parseAddress(text)).toEqual({ view: "start", source: "", query: {} });
    },
  );

  test("leaves out what is empty", () => {
    const address = { view: "packets", source: "files/a", query: { filter: "" } } as const;
    expect(formatAddress(address)).toBe("#/packets/files/a");
  });
});
