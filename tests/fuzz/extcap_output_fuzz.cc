// SPDX-License-Identifier: GPL-2.0-or-later

// Reads any bytes as what an extcap program prints.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "server/extcap/extcap_output.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view out(reinterpret_cast<const char*>(data), size);
  dissectd::server::ParseExtcapInterfaces(out);
  dissectd::server::ParseExtcapLinkTypes(out);
  if (dissectd::server::ParseExtcapArguments(out).size() >
      dissectd::server::kMaxExtcapArguments) {
    std::abort();
  }
  return 0;
}
