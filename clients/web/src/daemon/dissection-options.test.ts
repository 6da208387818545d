// SPDX-License-Identifier: Apache-2.0

import { describe, expect, test } from "vitest";
import { formatDissection, parseDissection } from "./dissection-options.js";

describe("dissection options", () => {
  test.each([
    {},
    { profile: "No Reassembly" },
    { "decode-as": "tcp.port==8080,http;rtp.dyn_payload_type==x,h264;ipx,ip" },
    { prefs: "tcp.desegment_tcp_streams:FALSE;http.tcp.port:80%2C8000-8010" },
    { profile: "A%B;C", prefs: 'uat:"a"%3B"b"' },
  ])("%o are read, and written the same", (query) => {
    const written = formatDissection(parseDissection(query));
    expect(Object.fromEntries(Object.entries(written).filter(([, value]) => value))).toEqual(query);
  });

  test("values may have what separates them", () => {
    const options = {
      profile: "",
      decodeAs: [{ table: "tcp.port", selector: "1,2;3", protocol: "http" }],
      preferences: [
        { name: "uat:rsa_keys", value: '"a:b;c","50%"' },
        { name: "x.y", value: "" },
      ],
    };
    expect(parseDissection(formatDissection(options))).toEqual(options);
  });

  test("what isn't understood is left out", () => {
    const query = { "decode-as": "nothing;==1,http;tcp.port==1,", prefs: "alone;:x;%zz:1" };
    const preferences = [{ name: "%zz", value: "1" }];
    expect(parseDissection(query)).toEqual({ profile: "", decodeAs: [], preferences });
  });
});
