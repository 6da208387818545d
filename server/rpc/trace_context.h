// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_TRACE_CONTEXT_H_
#define SERVER_RPC_TRACE_CONTEXT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// The metadata key with which clients and the daemon tell their span.
inline constexpr char kTraceParentKey[] = "traceparent";

// The span that a client made a call from, as defined by W3C's Trace Context.
// Ids are 32 and 16 hexadecimal digits in lower case, which are not all zeros.
struct TraceParent {
  std::string trace_id;
  std::string span_id;
  // Whether the client may record the trace.
  bool sampled = false;
};

// The position of a call in a distributed trace.
struct TraceContext {
  std::string trace_id;
  // The span of the call in the daemon.
  std::string span_id;
  // The client's span; empty if the trace begins with this call.
  std::string parent_span_id;
  bool sampled = false;
};

// Parses a `traceparent` header. Returns nothing if it is invalid; the standard
// requires that it is then ignored.
std::optional<TraceParent> ParseTraceParent(absl::string_view header);

// Returns a new span below the client's or, without one, in a new trace, which
// nobody records.
TraceContext NewSpan(const std::optional<TraceParent>& parent);

// Returns the `traceparent` header for those who continue the trace.
std::string TraceParentOf(const TraceContext& trace);

}  // namespace dissectd::server

#endif  // SERVER_RPC_TRACE_CONTEXT_H_
