// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_TRACE_CONTEXT_H_
#define SERVER_RPC_TRACE_CONTEXT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// The position of a call in a distributed trace, as defined by W3C's Trace
// Context.
struct TraceContext {
  // 32 and 16 hexadecimal digits in lower case, which are not all zeros.
  std::string trace_id;
  std::string span_id;
};

// Parses a `traceparent` header. Returns nothing if it is invalid; the standard
// requires that it is then ignored.
std::optional<TraceContext> ParseTraceParent(absl::string_view header);

}  // namespace dissectd::server

#endif  // SERVER_RPC_TRACE_CONTEXT_H_
