// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/follow_request.h"

#include <protozero/pbf_message.hpp>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr uint32_t kMaxPort = 65535;

struct NamedEndpoint {
  std::string address;
  uint32_t port = 0;
};

struct RawRequest {
  FollowRequest parsed;
  std::string follower;
  std::optional<std::array<NamedEndpoint, 2>> endpoints;
};

// Forgets the members of the oneof that came before, as the last one counts.
void ClearSelection(RawRequest* raw) {
  raw->parsed.stream.reset();
  raw->parsed.frame_number.reset();
  raw->endpoints.reset();
}

std::array<NamedEndpoint, 2> ReadEndpoints(protozero::data_view bytes) {
  std::array<NamedEndpoint, 2> endpoints;
  protozero::pbf_message<schema::EndpointPair> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::EndpointPair::kAddressA:
        endpoints[0].address = Text(&message);
        break;
      case schema::EndpointPair::kPortA:
        endpoints[0].port = message.get_uint32();
        break;
      case schema::EndpointPair::kAddressB:
        endpoints[1].address = Text(&message);
        break;
      case schema::EndpointPair::kPortB:
        endpoints[1].port = message.get_uint32();
        break;
      default:
        message.skip();
    }
  }
  return endpoints;
}

absl::StatusOr<RawRequest> ReadFollowRequest(absl::string_view bytes) {
  RawRequest raw;
  FollowRequest& parsed = raw.parsed;
  RETURN_IF_ERROR(ReadRequestFields<schema::FollowStreamRequest>(
      "FollowStreamRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::FollowStreamRequest::kSource:
            parsed.source = message->get_bytes();
            break;
          case schema::FollowStreamRequest::kFollower:
            raw.follower = Text(message);
            break;
          case schema::FollowStreamRequest::kStream:
            ClearSelection(&raw);
            parsed.stream = message->get_uint32();
            break;
          case schema::FollowStreamRequest::kFrameNumber:
            ClearSelection(&raw);
            parsed.frame_number = message->get_uint32();
            break;
          case schema::FollowStreamRequest::kEndpoints:
            ClearSelection(&raw);
            raw.endpoints = ReadEndpoints(message->get_view());
            break;
          case schema::FollowStreamRequest::kSubStream:
            parsed.sub_stream = message->get_uint32();
            break;
          case schema::FollowStreamRequest::kMaxBytes:
            parsed.max_bytes = message->get_uint64();
            break;
          default:
            message->skip();
        }
      }));
  return raw;
}

absl::StatusOr<NumericEndpoint> Resolve(const NamedEndpoint& named) {
  NumericEndpoint endpoint;
  const bool is_ipv6 = named.address.find(':') != std::string::npos;
  if (!ParseAddress(named.address, is_ipv6, &endpoint)) {
    return SelectionError(
        absl::StrCat("\"", named.address, "\" isn't an address in digits."));
  }
  if (named.port == 0 || named.port > kMaxPort) {
    return SelectionError(absl::StrCat(named.port, " isn't a port."));
  }
  endpoint.port = static_cast<uint16_t>(named.port);
  return endpoint;
}

absl::Status ResolveEndpoints(RawRequest* raw) {
  if (!raw->endpoints.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const NumericEndpoint a, Resolve((*raw->endpoints)[0]));
  ASSIGN_OR_RETURN(const NumericEndpoint b, Resolve((*raw->endpoints)[1]));
  if (a.is_ipv6 != b.is_ipv6) {
    return SelectionError("One address is IPv4, the other IPv6.");
  }
  raw->parsed.endpoints = {a, b};
  return absl::OkStatus();
}

absl::Status CheckSelection(const FollowRequest& request) {
  const bool by_stream = request.stream.has_value();
  const bool has_sub_streams = request.follower->has_sub_streams;
  if (!by_stream && !request.frame_number.has_value() &&
      !request.endpoints.has_value()) {
    return SelectionError("The request selects no stream.");
  }
  if (request.frame_number == 0) return SelectionError("Frames begin with 1.");
  if (request.sub_stream.has_value() && !(by_stream && has_sub_streams)) {
    return SelectionError(
        "Only the streams of HTTP2 and QUIC have a sub_stream, and only if "
        "they are selected by number.");
  }
  if (by_stream && has_sub_streams && !request.sub_stream.has_value()) {
    return SelectionError(absl::StrCat("A stream of ", request.follower->name,
                                       " needs a sub_stream, too."));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SelectionError(absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {"STREAM_SELECTION_INVALID", {}, {}});
}

absl::StatusOr<const Follower*> RequireFollower(absl::string_view name) {
  const Follower* const follower = FindFollower(name);
  if (follower != nullptr) return follower;
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("There is no follower \"", name, "\"; see ListReports."),
      {"FOLLOWER_UNKNOWN", {{"follower", std::string(name)}}, {}});
}

absl::StatusOr<FollowRequest> ParseFollowRequest(absl::string_view bytes) {
  ASSIGN_OR_RETURN(RawRequest raw, ReadFollowRequest(bytes));
  ASSIGN_OR_RETURN(raw.parsed.follower, RequireFollower(raw.follower));
  RETURN_IF_ERROR(ResolveEndpoints(&raw));
  RETURN_IF_ERROR(CheckSelection(raw.parsed));
  return raw.parsed;
}

}  // namespace dissectd::engine
