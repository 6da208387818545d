// SPDX-License-Identifier: Apache-2.0

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { AnalysisSourceSchema } from "./gen/dissectd/v1/analysis_pb.js";
import {
  ByteDetail,
  type ColumnSchema,
  DissectionOptionsSchema,
  type DissectRequestSchema,
  Form,
  type FrameRangeSchema,
  TreeDetail,
  type View,
  ViewSchema,
} from "./gen/dissectd/v1/dissection_pb.js";
import { checkMessage, checkOptions, type NamesOf } from "./options.js";
import { Instant } from "./time.js";

/** Columns by short names. */
const COLUMN_FORMATS = {
  number: "%m",
  time: "%t",
  src: "%s",
  dst: "%d",
  protocol: "%p",
  length: "%L",
  info: "%i",
} as const;

/**
 * A column: one of `number`, `time`, `src`, `dst`, `protocol`, `length` and `info`; a
 * format of Wireshark's preferences, such as `%Yt`; or the name of a field.
 */
export type ColumnName = keyof typeof COLUMN_FORMATS | (string & Record<never, never>);

/** A column by its name, or as the API has it, with a title and what else it says. */
export type ColumnChoice = ColumnName | MessageInitShape<typeof ColumnSchema>;

/**
 * A capture: the name of a file in the store, `captures/{id}`, `sessions/{id}`, or a
 * whole capture file of at most a mebibyte.
 */
export type Source = string | Uint8Array;

/** Which frames to read. */
export interface FrameSelection {
  /** Only frames that pass this display filter. */
  filter?: string;
  /** The number of the first frame. */
  first?: number;
  /** The number of the last frame. */
  last?: number;
  /** The largest number of frames. */
  limit?: number;
  /** Only frames captured at this time or later. */
  from?: Date | Instant;
  /** Only frames captured before this time. */
  until?: Date | Instant;
}

/** Which parts of frames to read: trees unless fields or columns are asked for. */
export interface FrameParts {
  /** Names of fields and protocols whose occurrences are wanted. */
  fields?: readonly string[];
  /** The columns; `profile` stands for those of the daemon's profile. */
  columns?: readonly ColumnChoice[] | "profile";
  /**
   * The protocol tree: all of it, or the subtrees of these protocols. By default all of it
   * if there are neither `fields` nor `columns`; without any, reading is much quicker.
   */
  tree?: boolean | readonly string[];
  /** Labels of nodes; by default those of trees. */
  labels?: boolean;
  /** The bytes of frames, or of `all` data sources. */
  bytes?: boolean | "all";
  /** Also the nodes of trees that Wireshark hides, such as `ip.addr`. */
  hidden?: boolean;
  /** The colouring rules that frames match. */
  colors?: boolean;
  /** The largest number of bytes of a value, of which longer ones are cut; 64 KiB. */
  maxValueBytes?: number;
  /** The largest number of bytes of a data source; 1 MiB. */
  maxBytesPerSource?: number;
}

/** How to dissect. */
export interface Dissection {
  /** Read everything once before, so that frames can refer to later ones. */
  twoPass?: boolean;
  /** All other options, as the API has them: preferences, decode-as rules, keys. */
  dissection?: MessageInitShape<typeof DissectionOptionsSchema>;
}

export const SELECTION_NAMES: NamesOf<FrameSelection> = {
  filter: true,
  first: true,
  last: true,
  limit: true,
  from: true,
  until: true,
};

export const PART_NAMES: NamesOf<FrameParts> = {
  fields: true,
  columns: true,
  tree: true,
  labels: true,
  bytes: true,
  hidden: true,
  colors: true,
  maxValueBytes: true,
  maxBytesPerSource: true,
};

export const DISSECTION_NAMES: NamesOf<Dissection> = { twoPass: true, dissection: true };

/** What analyses and streams have in common. */
export const SOURCE_NAMES = { ...SELECTION_NAMES, ...DISSECTION_NAMES };

type Range = MessageInitShape<typeof FrameRangeSchema>;

function timeOf(time: Date | Instant): { seconds: bigint; nanos: number } {
  if (time instanceof Instant) return { seconds: time.wholeSeconds, nanos: time.nanos };
  const milliseconds = time.getTime();
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds: BigInt(seconds), nanos: Math.round((milliseconds - seconds * 1000) * 1e6) };
}

/** Refuses what can't be a frame's number; 0 in a request stands for no number. */
export function checkFrameNumber(number: number): void {
  if (Number.isInteger(number) && number > 0) return;
  throw new RangeError(`There is no frame ${String(number)}: frames are numbered from 1.`);
}

export function rangeOf({ first, last, limit, from, until }: FrameSelection): Range {
  return {
    ...(first !== undefined && { firstFrame: first }),
    ...(last !== undefined && { lastFrame: last }),
    ...(limit !== undefined && { limit }),
    ...(from && { fromTime: timeOf(from) }),
    ...(until && { untilTime: timeOf(until) }),
  };
}

/** Returns a column as the API has it. Its title is the name that it was asked for by. */
export function columnOf(name: ColumnChoice): MessageInitShape<typeof ColumnSchema> {
  if (typeof name !== "string") return name;
  if (name.startsWith("%")) return { format: name, title: name };
  const format = (COLUMN_FORMATS as Record<string, string | undefined>)[name];
  if (format !== undefined) return { format, title: name };
  return { format: "%Cus", customFields: name, title: name };
}

function treeOf({ fields, columns, ...parts }: FrameParts): Pick<View, "tree" | "treeProtocols"> {
  const { tree = fields === undefined && columns === undefined } = parts;
  if (tree === true) return { tree: TreeDetail.FULL, treeProtocols: [] };
  if (!tree) return { tree: TreeDetail.NONE, treeProtocols: [] };
  return { tree: TreeDetail.SELECTED, treeProtocols: [...tree] };
}

const BYTES = { all: ByteDetail.ALL_SOURCES, true: ByteDetail.FRAME, false: ByteDetail.NONE };

export function viewOf(options: FrameSelection & FrameParts, form = Form.COMPACT): View {
  const { columns } = options;
  const tree = treeOf(options);
  return create(ViewSchema, {
    ...tree,
    displayFilter: options.filter ?? "",
    range: rangeOf(options),
    ...(columns === "profile" && { columns: { useProfileColumns: true } }),
    ...(Array.isArray(columns) && { columns: { columns: columns.map(columnOf) } }),
    fields: [...(options.fields ?? [])],
    labels: options.labels ?? tree.tree !== TreeDetail.NONE,
    bytes: BYTES[String(options.bytes ?? false) as keyof typeof BYTES],
    includeHidden: options.hidden ?? false,
    colors: options.colors ?? false,
    maxValueBytes: options.maxValueBytes ?? 0,
    maxBytesPerSource: options.maxBytesPerSource ?? 0,
    form,
  });
}

export function dissectionOf({ twoPass, dissection }: Dissection): {
  options?: MessageInitShape<typeof DissectionOptionsSchema>;
} {
  if (dissection !== undefined) checkMessage(dissection, DissectionOptionsSchema);
  if (twoPass === undefined && dissection === undefined) return {};
  return { options: { ...dissection, ...(twoPass !== undefined && { twoPass }) } };
}

// What begins like this is no name in a store, but a path of Unix or Windows.
const LOCAL_PATH = /^(\.{0,2}|[A-Za-z]:)[\\/]/;

/** Returns the resource name of a file in the store. */
export function fileName(name: string): string {
  if (LOCAL_PATH.test(name)) {
    throw new TypeError(
      `"${name}" is a path of this machine, and a name in the daemon's store is expected, ` +
        `such as "dns.pcap". Upload the file, in Node with uploadPath, and use the name ` +
        "of what that returns.",
    );
  }
  return name.startsWith("files/") ? name : `files/${name}`;
}

type DissectSource = NonNullable<MessageInitShape<typeof DissectRequestSchema>["source"]>;

export function dissectSource(source: Source): DissectSource {
  if (typeof source !== "string") return { case: "inlineCapture", value: source };
  if (/^captures\/[^/]+$/.test(source)) return { case: "capture", value: source };
  if (/^sessions\/[^/]+$/.test(source)) return { case: "session", value: source };
  return { case: "file", value: fileName(source) };
}

export function analysisSource(
  source: Source,
  options: Dissection & FrameSelection = {},
): MessageInitShape<typeof AnalysisSourceSchema> {
  checkOptions(options, SOURCE_NAMES);
  const from = dissectSource(source);
  if (from.case === "capture") {
    throw new TypeError(`${from.value} is a capture: open a session on it, and ask that.`);
  }
  return { source: from, range: rangeOf(options), ...dissectionOf(options) };
}
