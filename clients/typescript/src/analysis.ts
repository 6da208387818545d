// SPDX-License-Identifier: Apache-2.0

import type { MessageInitShape } from "@bufbuild/protobuf";
import { fileError } from "./errors.js";
import type {
  AnalysisEnd,
  AnalysisSourceSchema,
  Conversation,
  EndpointTraffic,
  FollowedStream,
  FollowStreamResponse,
  ProtocolHierarchyNode,
  ReportResult,
  RunStatisticsResponse,
  StreamChunk,
} from "./gen/dissectd/v1/analysis_pb.js";
import type { Services } from "./services.js";

/** The source of an analysis as the API has it. */
export type AnalysedCapture = MessageInitShape<typeof AnalysisSourceSchema>;

function checkEnd({ readError }: AnalysisEnd): void {
  if (readError) throw fileError(readError);
}

/** The bytes of one stream, in the order in which they were exchanged: read it once. */
export class Conversed implements AsyncIterable<StreamChunk> {
  /** The endpoints and the display filter, once the first chunk or the end has come. */
  header: FollowedStream | undefined;

  constructor(private readonly responses: AsyncIterable<FollowStreamResponse>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamChunk, void, undefined> {
    for await (const { kind } of this.responses) {
      if (kind.case === "header") this.header = kind.value;
      if (kind.case === "chunk") yield kind.value;
      if (kind.case === "end") checkEnd(kind.value);
    }
  }

  /** Returns all bytes that the client has sent. */
  client(): Promise<Uint8Array> {
    return this.bytes((chunk) => !chunk.fromServer);
  }

  /** Returns all bytes that the server has sent. */
  server(): Promise<Uint8Array> {
    return this.bytes((chunk) => chunk.fromServer);
  }

  private async bytes(wanted: (chunk: StreamChunk) => boolean): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const chunk of this) if (wanted(chunk)) parts.push(chunk.data);
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  }
}

async function* results(
  responses: AsyncIterable<RunStatisticsResponse>,
): AsyncGenerator<ReportResult, void, undefined> {
  for await (const { kind } of responses) {
    if (kind.case === "result") yield kind.value;
    if (kind.case === "end") checkEnd(kind.value);
  }
}

/** Questions about whole captures. */
export class Analysis {
  constructor(
    private readonly services: Services,
    private readonly source: AnalysedCapture,
  ) {}

  follow(follower: string, stream: number, subStream?: number): Conversed {
    return new Conversed(
      this.services.analysis.followStream({
        source: this.source,
        follower,
        selection: { case: "stream", value: stream },
        ...(subStream !== undefined && { subStream }),
      }),
    );
  }

  reports(names: readonly string[]): AsyncGenerator<ReportResult, void, undefined> {
    const reports = names.map((argument) => ({ argument }));
    return results(this.services.analysis.runStatistics({ source: this.source, reports }));
  }

  async conversations(type: string, filter?: string): Promise<Conversation[]> {
    const found: Conversation[] = [];
    for await (const { table } of this.reports([withFilter(`conv,${type}`, filter)])) {
      if (table.case === "conversations") found.push(...table.value.conversations);
    }
    return found;
  }

  async endpoints(type: string, filter?: string): Promise<EndpointTraffic[]> {
    const found: EndpointTraffic[] = [];
    for await (const { table } of this.reports([withFilter(`endpoints,${type}`, filter)])) {
      if (table.case === "endpoints") found.push(...table.value.endpoints);
    }
    return found;
  }

  async protocols(filter?: string): Promise<ProtocolHierarchyNode[]> {
    const found: ProtocolHierarchyNode[] = [];
    for await (const { table } of this.reports([withFilter("io,phs", filter)])) {
      if (table.case === "protocolHierarchy") found.push(...table.value.nodes);
    }
    return found;
  }
}

function withFilter(report: string, filter?: string): string {
  return filter === undefined ? report : `${report},${filter}`;
}
