// SPDX-License-Identifier: GPL-2.0-or-later

// Parses any bytes as a file of keys for JSON Web Tokens.

#include <cstddef>
#include <cstdint>

#include "server/identity/jwt_keys.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dissectd::server::ParseJwtKeys({reinterpret_cast<const char*>(data), size})
      .status()
      .IgnoreError();
  return 0;
}
