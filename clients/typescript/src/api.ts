// SPDX-License-Identifier: Apache-2.0

/** The messages and services of the API, as its .proto files define them. */
export * from "./gen/dissectd/v1/analysis_pb.js";
export * from "./gen/dissectd/v1/capture_pb.js";
export * from "./gen/dissectd/v1/common_pb.js";
export * from "./gen/dissectd/v1/dissection_pb.js";
export * from "./gen/dissectd/v1/export_pb.js";
export * from "./gen/dissectd/v1/file_pb.js";
export * from "./gen/dissectd/v1/filter_pb.js";
export * from "./gen/dissectd/v1/preference_pb.js";
export * from "./gen/dissectd/v1/registry_pb.js";
export * from "./gen/dissectd/v1/server_pb.js";
export * from "./gen/dissectd/v1/session_pb.js";
export * from "./gen/dissectd/v1/wiretap_pb.js";
