// SPDX-License-Identifier: GPL-2.0-or-later

// Calls CompileFilter and CompleteFilter with any bytes as the request.

#include <cstddef>
#include <cstdint>

#include "core/epan/epan.h"
#include "core/query/filter/compile_filter.h"
#include "core/query/filter/complete_filter.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Never closed, as in a worker that answers queries.
  static auto& epan = *new dissectd::engine::Epan;
  const absl::string_view request(reinterpret_cast<const char*>(data), size);
  const auto ignore = [](absl::string_view) { return absl::OkStatus(); };
  const dissectd::engine::QueryContext context = {&epan};
  dissectd::engine::CompileFilter(context, request, ignore).IgnoreError();
  dissectd::engine::CompleteFilter(context, request, ignore).IgnoreError();
  return 0;
}
