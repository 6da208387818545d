// SPDX-License-Identifier: Apache-2.0

import { create } from "@bufbuild/protobuf";
import { ReportTypeSchema } from "@dissectd/client/api";
import { describe, expect, test } from "vitest";
import { choiceFor, matching, sectionsOf } from "./catalogue.js";
import { REPORTS } from "./reports/registry.js";

function types(...names: string[]): ReturnType<typeof create<typeof ReportTypeSchema>>[] {
  return names.map((name) => create(ReportTypeSchema, { name, usage: "[,filter]" }));
}

describe("the list of reports", () => {
  test.each([
    ["plen,tree", "Packet Lengths", "Statistics"],
    ["http_req,tree", "Requests", "HTTP"],
    ["smb2,srt", "SMB2", "Service Response Time"],
    ["gsm_a,dtap_cc", "gsm_a: dtap_cc", "Telephony"],
    ["smb,sids", "smb: sids", "Other"],
    ["newest,stat", "newest", "Other"],
  ])("%s is called %s in %s", (name, title, group) => {
    expect(choiceFor(name)).toEqual({ name, title, group });
  });

  test("has each report once", () => {
    const reports = types("conv,tcp", "endpoints,ip", "io,phs", "expert", "follow,tcp", "dns,tree");
    const names = sectionsOf(REPORTS, reports).flatMap(({ choices }) =>
      choices.map(({ name }) => name),
    );
    expect(names).toContain("dns,tree");
    expect(names).toContain("hierarchy");
    expect(names).not.toContain("conv,tcp");
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(REPORTS.length + 1);
  });

  test("begins with the reports of Wireshark's menus", () => {
    const sections = sectionsOf([], types("ancp,tree", "dns,tree", "plen,tree"));
    expect(sections[0]?.choices.map(({ title }) => title)).toEqual([
      "Packet Lengths",
      "DNS",
      "ANCP",
    ]);
  });

  test("is searched in titles, names and sections", () => {
    const sections = sectionsOf([], types("plen,tree", "http,tree", "sip,stat"));
    const found = (text: string): string[] =>
      matching(sections, text).flatMap(({ choices }) => choices.map(({ name }) => name));
    expect(found(" PLEN")).toEqual(["plen,tree"]);
    expect(found("packet")).toEqual(["plen,tree", "http,tree"]);
    expect(found("telephony")).toEqual(["sip,stat"]);
    expect(found("nothing like it")).toEqual([]);
  });
});
