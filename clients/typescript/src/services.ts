// SPDX-License-Identifier: Apache-2.0

import { type Client as ServiceClient, createClient, type Transport } from "@connectrpc/connect";
import { AnalysisService } from "./gen/dissectd/v1/analysis_pb.js";
import { CaptureService } from "./gen/dissectd/v1/capture_pb.js";
import { DissectionService } from "./gen/dissectd/v1/dissection_pb.js";
import { ExportService } from "./gen/dissectd/v1/export_pb.js";
import { FileService } from "./gen/dissectd/v1/file_pb.js";
import { FilterService } from "./gen/dissectd/v1/filter_pb.js";
import { PreferenceService } from "./gen/dissectd/v1/preference_pb.js";
import { RegistryService } from "./gen/dissectd/v1/registry_pb.js";
import { ServerService } from "./gen/dissectd/v1/server_pb.js";
import { SessionService } from "./gen/dissectd/v1/session_pb.js";
import { LazyDissectionService, LazySessionService } from "./lazy-services.js";

/** The API's services, for everything that the client has no shorter way for. */
export interface Services {
  readonly analysis: ServiceClient<typeof AnalysisService>;
  readonly capture: ServiceClient<typeof CaptureService>;
  readonly dissection: ServiceClient<typeof DissectionService>;
  readonly export: ServiceClient<typeof ExportService>;
  readonly file: ServiceClient<typeof FileService>;
  readonly filter: ServiceClient<typeof FilterService>;
  readonly preference: ServiceClient<typeof PreferenceService>;
  readonly registry: ServiceClient<typeof RegistryService>;
  readonly server: ServiceClient<typeof ServerService>;
  readonly session: ServiceClient<typeof SessionService>;
  /** @internal */
  readonly lazyDissection: ServiceClient<typeof LazyDissectionService>;
  /** @internal */
  readonly lazySession: ServiceClient<typeof LazySessionService>;
}

export function servicesOf(transport: Transport): Services {
  return {
    analysis: createClient(AnalysisService, transport),
    capture: createClient(CaptureService, transport),
    dissection: createClient(DissectionService, transport),
    export: createClient(ExportService, transport),
    file: createClient(FileService, transport),
    filter: createClient(FilterService, transport),
    preference: createClient(PreferenceService, transport),
    registry: createClient(RegistryService, transport),
    server: createClient(ServerService, transport),
    session: createClient(SessionService, transport),
    lazyDissection: createClient(LazyDissectionService, transport),
    lazySession: createClient(LazySessionService, transport),
  };
}
