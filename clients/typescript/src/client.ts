// SPDX-License-Identifier: Apache-2.0

import { clone, create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
import { Analysis, type Conversed } from "./analysis.js";
import type { ColumnBatch } from "./decode/columns.js";
import type { Frame } from "./decode/frame.js";
import type { DissectStream } from "./dissect-stream.js";
import { Code, DissectdError, FilterError } from "./errors.js";
import type { Row } from "./frames.js";
import type {
  Conversation,
  EndpointTraffic,
  ProtocolHierarchyNode,
  ReportResult,
} from "./gen/dissectd/v1/analysis_pb.js";
import {
  CaptureOptionsSchema,
  type Interface,
  StopConditionsSchema,
} from "./gen/dissectd/v1/capture_pb.js";
import type { Field } from "./gen/dissectd/v1/common_pb.js";
import type { File } from "./gen/dissectd/v1/file_pb.js";
import {
  type CompletionItem,
  type CompileFilterResponse,
  FilterSeverity,
} from "./gen/dissectd/v1/filter_pb.js";
import type { GetServerInfoResponse } from "./gen/dissectd/v1/server_pb.js";
import { LiveCapture } from "./live-capture.js";
import { OPEN_NAMES, type OpenOptions, openSession } from "./open.js";
import { checkMessage, checkOptions, type NamesOf } from "./options.js";
import { Reader, type ReadOptions, type TableOptions } from "./reader.js";
import {
  analysisSource,
  checkFrameNumber,
  type ColumnName,
  DISSECTION_NAMES,
  type Dissection,
  dissectionOf,
  dissectSource,
  fileName,
  type FrameParts,
  type FrameSelection,
  PART_NAMES,
  type Source,
} from "./request.js";
import { Session } from "./session.js";
import { type Services, servicesOf } from "./services.js";
import { StoredFile } from "./stored-file.js";
import { typedTransport } from "./transport.js";
import { type LocalFile, localFile, uploadFile, type UploadOptions } from "./upload.js";

/** How to capture. */
export interface CaptureSettings {
  /** Only packets that pass this filter of libpcap. */
  captureFilter?: string;
  /** Stop after this number of packets. */
  packets?: number;
  /** Stop after this number of seconds. */
  seconds?: number;
  /** Keep the capture when it is disposed of. */
  keep?: boolean;
  /**
   * Stop the capture once no call has used it for this number of seconds; a minute by
   * default, so that it ends after a program that crashed. 0: never.
   */
  idleSeconds?: number;
  /** All other options, as the API has them: ring buffers, promiscuous mode. */
  options?: MessageInitShape<typeof CaptureOptionsSchema>;
}

const SETTING_NAMES: NamesOf<CaptureSettings> = {
  captureFilter: true,
  packets: true,
  seconds: true,
  keep: true,
  idleSeconds: true,
  options: true,
};

/** A display filter that compiles. */
export interface CheckedFilter {
  /** The filter with its macros expanded. */
  readonly expanded: string;
  /** The fields and protocols that it refers to. */
  readonly fields: readonly Field[];
  /** What a later Wireshark may not accept. */
  readonly warnings: readonly string[];
}

function filterError(response: CompileFilterResponse): FilterError {
  const found = response.diagnostics.find(({ severity }) => severity === FilterSeverity.ERROR);
  const message = found?.message ?? "The filter is not valid.";
  const facts = { code: Code.InvalidArgument, reason: "DISPLAY_FILTER_INVALID", message };
  return new FilterError({ ...facts, span: found?.span }, response.expandedFilter);
}

function isLocalFile(file: Blob | Uint8Array<ArrayBuffer> | LocalFile): file is LocalFile {
  return "read" in file;
}

/** A connection to a daemon. */
export class Client implements Disposable {
  /** The API itself, for what this class has no shorter way for. */
  readonly services: Services;
  private readonly reader: Reader;
  private closed = false;

  constructor(
    transport: Transport,
    private readonly closeConnection: () => void = () => undefined,
  ) {
    this.services = servicesOf(typedTransport(transport, () => this.closed));
    this.reader = new Reader(this.services);
  }

  /** Ends all calls and closes the connection. There can be no calls afterwards. */
  close(): void {
    this.closed = true;
    this.closeConnection();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Reads frames of a capture, with the parts that are asked for: with their trees unless
   * `fields` or `columns` are.
   */
  read(source: Source, options: ReadOptions = {}): DissectStream<Frame> {
    return this.reader.frames(source, options);
  }

  /** Reads values of fields as typed arrays, batch by batch. */
  fields(
    source: Source,
    names: readonly string[],
    options: TableOptions & Pick<FrameParts, "columns"> = {},
  ): DissectStream<ColumnBatch> {
    return this.reader.fields(source, names, options);
  }

  /** Reads the texts of columns: an object for each frame. */
  rows<Name extends ColumnName>(
    source: Source,
    columns: readonly Name[],
    options: TableOptions = {},
  ): AsyncGenerator<Row<Name>, void, undefined> {
    return this.reader.rows(source, columns, options);
  }

  /** Returns one frame; with its tree unless fields or columns are asked for. */
  async frame(
    source: Source,
    number: number,
    options: FrameParts & Dissection = {},
  ): Promise<Frame> {
    checkFrameNumber(number);
    checkOptions(options, { ...PART_NAMES, ...DISSECTION_NAMES });
    const only = { first: number, last: number };
    for await (const frame of this.read(source, { ...options, ...only })) return frame;
    const message = `The capture has no frame ${String(number)}.`;
    throw new DissectdError({ code: Code.OutOfRange, reason: "FRAME_NOT_FOUND", message });
  }

  /** Returns the bytes of a stream, for example of `tcp`. */
  follow(source: Source, follower: string, stream: number, subStream?: number): Conversed {
    return this.analysis(source).follow(follower, stream, subStream);
  }

  /** Makes reports as `tshark -z` names them. Long ones come in several parts. */
  reports(
    source: Source,
    names: readonly string[],
    options?: Dissection & FrameSelection,
  ): AsyncGenerator<ReportResult, void, undefined> {
    return this.analysis(source, options).reports(names);
  }

  /** Returns the conversations of a type, such as `tcp` or `ip`. */
  conversations(source: Source, type: string, filter?: string): Promise<Conversation[]> {
    return this.analysis(source).conversations(type, filter);
  }

  /** Returns the endpoints of a type, such as `tcp` or `ip`. */
  endpoints(source: Source, type: string, filter?: string): Promise<EndpointTraffic[]> {
    return this.analysis(source).endpoints(type, filter);
  }

  /** Returns the protocol hierarchy. */
  protocols(source: Source, filter?: string): Promise<ProtocolHierarchyNode[]> {
    return this.analysis(source).protocols(filter);
  }

  /**
   * Opens a capture for many questions, once it has been read. `onProgress` tells how far
   * that is.
   */
  async open(source: string, options: OpenOptions = {}): Promise<Session> {
    checkOptions(options, OPEN_NAMES);
    const from = dissectSource(source);
    if (from.case !== "file" && from.case !== "capture") {
      throw new TypeError(`${source} is no file or capture.`);
    }
    const request = { source: from, ...dissectionOf(options) };
    const session = await openSession(this.services.session, request, options);
    return new Session(this.services, this.reader, session);
  }

  /** Lists the interfaces to capture from. */
  async interfaces(): Promise<Interface[]> {
    return (await this.services.capture.listInterfaces({})).interfaces;
  }

  /** Starts a capture. */
  async capture(interfaceName: string, settings: CaptureSettings = {}): Promise<LiveCapture> {
    checkOptions(settings, SETTING_NAMES);
    const { captureFilter = "", idleSeconds = 60, options = {} } = settings;
    checkMessage(options, CaptureOptionsSchema);
    const stop = clone(StopConditionsSchema, create(StopConditionsSchema, options.stop));
    if (settings.packets !== undefined) stop.packets = BigInt(settings.packets);
    if (settings.seconds !== undefined) stop.duration = durationFromMs(settings.seconds * 1000);
    const { capture } = await this.services.capture.createCapture({
      options: {
        interfaces: [{ name: interfaceName, captureFilter }],
        ...options,
        stop,
      },
      ...(idleSeconds > 0 && { idleTimeout: durationFromMs(idleSeconds * 1000) }),
    });
    if (capture === undefined) throw new Error("The daemon's answer has no capture.");
    return new LiveCapture(this.services, this.reader, capture.name, settings.keep ?? false);
  }

  /** Returns a capture that somebody has started, by its name, `captures/{id}`. */
  attach(name: string): LiveCapture {
    return new LiveCapture(this.services, this.reader, name, true);
  }

  /**
   * Checks a display filter.
   *
   * @throws FilterError if it doesn't compile.
   */
  async checkFilter(filter: string): Promise<CheckedFilter> {
    const response = await this.services.filter.compileFilter({ filter });
    if (!response.valid) throw filterError(response);
    return {
      expanded: response.expandedFilter,
      fields: response.fields,
      warnings: response.diagnostics.map(({ message }) => message),
    };
  }

  /** Returns what can be inserted into a filter at its end, or at a cursor. */
  async completeFilter(filter: string, cursor = filter.length): Promise<CompletionItem[]> {
    const before = new TextEncoder().encode(filter.slice(0, cursor)).length;
    return (await this.services.filter.completeFilter({ filter, cursor: before })).items;
  }

  /** Lists the files of the store whose paths begin with a prefix. */
  async *files(prefix = ""): AsyncGenerator<File, void, undefined> {
    let pageToken = "";
    do {
      const page = await this.services.file.listFiles({ prefix, pageToken });
      yield* page.files;
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  }

  /** Returns a file of the store, which needn't exist, by its name. */
  file(name: string): StoredFile {
    return new StoredFile(this.services.file, fileName(name));
  }

  /**
   * Uploads a capture file. Nothing is sent if the daemon has it from an earlier upload.
   * What breaks off goes on where it was.
   */
  async upload(
    file: Blob | Uint8Array<ArrayBuffer> | LocalFile,
    options: UploadOptions = {},
  ): Promise<StoredFile> {
    const local = isLocalFile(file) ? file : localFile(file, options.name);
    const name = await uploadFile(this.services.file, local, options);
    return new StoredFile(this.services.file, name);
  }

  /** Returns the daemon's versions, limits, and who it takes the caller for. */
  info(): Promise<GetServerInfoResponse> {
    return this.services.server.getServerInfo({});
  }

  private analysis(source: Source, options?: Dissection & FrameSelection): Analysis {
    return new Analysis(this.services, analysisSource(source, options));
  }
}
