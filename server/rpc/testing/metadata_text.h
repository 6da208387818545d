// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_TESTING_METADATA_TEXT_H_
#define SERVER_RPC_TESTING_METADATA_TEXT_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/string_ref.h>

#include <map>
#include <string>

// Reads the metadata that a client gets from the daemon.
namespace dissectd::server {

// Returns the value of an entry of the metadata; empty if there is none.
inline std::string MetadataText(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata,
    const std::string& key) {
  const auto found = metadata.find(key);
  return found == metadata.end()
             ? ""
             : std::string(found->second.data(), found->second.size());
}

// Returns the request id that a call began with.
inline std::string RequestIdIn(const grpc::ClientContext& context) {
  return MetadataText(context.GetServerInitialMetadata(), "x-request-id");
}

// Returns the trace's context that a call ended with.
inline std::string TraceParentIn(const grpc::ClientContext& context) {
  return MetadataText(context.GetServerTrailingMetadata(), "traceparent");
}

}  // namespace dissectd::server

#endif  // SERVER_RPC_TESTING_METADATA_TEXT_H_
