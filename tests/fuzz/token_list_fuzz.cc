// SPDX-License-Identifier: GPL-2.0-or-later

// Parses any bytes as a file of tokens.

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "server/identity/token_list.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const auto list = dissectd::server::TokenList::Parse(text);
  if (list.ok()) list->Find(text);
  return 0;
}
