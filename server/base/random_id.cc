// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/random_id.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"

namespace dissectd::server {
namespace {

constexpr size_t kDigits = 32;
constexpr size_t kDigitsOfNumber = 8;

}  // namespace

std::string NewRandomId() {
  std::random_device random;
  std::string id;
  for (size_t i = 0; i < kDigits / kDigitsOfNumber; ++i) {
    absl::StrAppendFormat(&id, "%08x", static_cast<uint32_t>(random()));
  }
  return id;
}

bool IsRandomId(absl::string_view text) {
  return text.size() == kDigits &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return absl::ascii_isxdigit(c) && !absl::ascii_isupper(c);
         });
}

}  // namespace dissectd::server
