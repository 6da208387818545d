// SPDX-License-Identifier: GPL-2.0-or-later

// Reads any bytes as the metadata of a call, and as a page token.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"
#include "core/base/paging.h"
#include "server/rpc/request_id.h"
#include "server/rpc/trace_context.h"

namespace {

void Expect(bool holds) {
  if (!holds) std::abort();
}

void ReadTraceParent(absl::string_view header) {
  const auto trace = dissectd::server::ParseTraceParent(header);
  if (!trace.has_value()) return;
  Expect(trace->trace_id.size() == 32 && trace->span_id.size() == 16);
}

void ReadPageToken(absl::string_view token) {
  const auto item = dissectd::ParsePageToken("a question", token);
  if (!item.ok() || token.empty()) return;
  const std::string again = dissectd::MakePageToken("a question", *item);
  const auto same = dissectd::ParsePageToken("a question", again);
  Expect(same.ok() && *same == *item);
  Expect(!dissectd::ParsePageToken("another question", again).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string id = dissectd::server::RequestIdFrom(bytes);
  Expect(!id.empty() && id.size() <= 128);
  Expect(dissectd::server::RequestIdFrom(id) == id);
  ReadTraceParent(bytes);
  ReadPageToken(bytes);
  return 0;
}
