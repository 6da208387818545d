// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/hex.h"

#include "absl/strings/ascii.h"

namespace dissectd {
namespace {

// Returns the value of a digit; nothing if it is none.
std::optional<int> ValueOfDigit(char digit) {
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(digit));
  if (lower >= '0' && lower <= '9') return lower - '0';
  if (lower >= 'a' && lower <= 'f') return lower - 'a' + 10;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> BytesOfHex(absl::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (size_t i = 0; i < digits.size(); i += 2) {
    const std::optional<int> high = ValueOfDigit(digits[i]);
    const std::optional<int> low = ValueOfDigit(digits[i + 1]);
    if (!high.has_value() || !low.has_value()) return std::nullopt;
    bytes.push_back(static_cast<char>(*high << 4 | *low));
  }
  return bytes;
}

}  // namespace dissectd
