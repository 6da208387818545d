// SPDX-License-Identifier: Apache-2.0

import { expect, test } from "vitest";
import { withoutCommas } from "./commas.js";

test("filters without commas stay as they are", () => {
  expect(withoutCommas("tcp.port in {80}")).toBe("tcp.port in {80}");
});

test("sets become a test for each element", () => {
  expect(withoutCommas("ip && tcp.port in {80, 443,8000..8010}")).toBe(
    "ip && (tcp.port in {80} || tcp.port in {443} || tcp.port in {8000..8010})",
  );
  expect(withoutCommas('http.host not in {"a", "b,c"}')).toBe(
    '!(http.host in {"a"} || http.host in {"b\\x2cc"})',
  );
});

test("commas in texts are escaped", () => {
  expect(withoutCommas('http.user_agent == "a,\\"b"')).toBe('http.user_agent == "a\\x2c\\"b"');
});

test("other commas have no equal", () => {
  expect(withoutCommas("max(tcp.srcport, tcp.dstport) > 5")).toBeUndefined();
  expect(withoutCommas('frame matches r"a,b"')).toBeUndefined();
});
