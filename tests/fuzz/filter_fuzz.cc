// SPDX-License-Identifier: GPL-2.0-or-later

// Compiles any bytes as a display filter.

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/epan/display_filter.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  dissectd::engine::CompileDisplayFilter(text).status().IgnoreError();
  return 0;
}
