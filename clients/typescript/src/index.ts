// SPDX-License-Identifier: Apache-2.0

/** Wireshark's dissection and capture from dissectd. */
export { Analysis, Conversed } from "./analysis.js";
export { type CaptureSettings, type CheckedFilter, Client } from "./client.js";
export { ColumnBatch, FieldColumn, type NumberArray, TextColumn } from "./decode/columns.js";
export { type DataSource, Frame } from "./decode/frame.js";
export { Node, NodeList } from "./decode/nodes.js";
export type { FieldValue, ValueKindToken, ValueOf } from "./decode/value.js";
export { DissectStream, type StreamOptions } from "./dissect-stream.js";
export {
  CaptureFileError,
  Code,
  DissectdError,
  FilterError,
  NotFoundError,
  PermissionError,
  type Reason,
  UnauthenticatedError,
  UnavailableError,
} from "./errors.js";
export type { Row } from "./frames.js";
export {
  LiveCapture,
  type LiveOptions,
  type ProtocolRate,
  type Rate,
  type RateOptions,
} from "./live-capture.js";
export type { OpenOptions } from "./open.js";
export type { ReadOptions, TableOptions } from "./reader.js";
export type {
  ColumnChoice,
  ColumnName,
  Dissection,
  FrameParts,
  FrameSelection,
  Source,
} from "./request.js";
export type { Services } from "./services.js";
export { type FindOptions, type PageOptions, type Search, Session } from "./session.js";
export { StoredFile } from "./stored-file.js";
export type { TextRange } from "./text-range.js";
export { Instant, TimeSpan } from "./time.js";
export { type LocalFile, type UploadOptions, type UploadProgress } from "./upload.js";
