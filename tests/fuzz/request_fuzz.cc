// SPDX-License-Identifier: GPL-2.0-or-later

// Parses any bytes as a DissectRequest.

#include <cstddef>
#include <cstdint>

#include "core/request/dissect_request.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dissectd::engine::ParseDissectRequest(
      {reinterpret_cast<const char*>(data), size})
      .status()
      .IgnoreError();
  return 0;
}
