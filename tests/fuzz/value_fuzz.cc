// SPDX-License-Identifier: GPL-2.0-or-later

// Calls ParseValue and FormatValue with any bytes as the request.

#include <cstddef>
#include <cstdint>

#include "core/query/registry/values.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view request(reinterpret_cast<const char*>(data), size);
  const auto ignore = [](absl::string_view) { return absl::OkStatus(); };
  const dissectd::engine::QueryContext context = {};
  dissectd::engine::ParseValue(context, request, ignore).IgnoreError();
  dissectd::engine::FormatValue(context, request, ignore).IgnoreError();
  return 0;
}
