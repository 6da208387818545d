// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/dcerpc_interface.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace dissectd::engine {
namespace {

constexpr size_t kMaxDigits = 9;

// Removes a decimal number from the beginning of `text`.
std::optional<uint32_t> TakeNumber(absl::string_view* text) {
  size_t digits = 0;
  while (digits < text->size() && absl::ascii_isdigit((*text)[digits])) {
    ++digits;
  }
  uint32_t value = 0;
  if (digits > kMaxDigits ||
      !absl::SimpleAtoi(text->substr(0, digits), &value)) {
    return std::nullopt;
  }
  text->remove_prefix(digits);
  return value;
}

// Removes the next `bytes` bytes, in hexadecimal digits, and the separator
// after them.
std::optional<uint64_t> TakeHex(size_t bytes, absl::string_view separator,
                                absl::string_view* text) {
  uint64_t value = 0;
  for (size_t i = 0; i < 2 * bytes; ++i) {
    if (i >= text->size() || !absl::ascii_isxdigit((*text)[i])) {
      return std::nullopt;
    }
  }
  const absl::string_view digits = text->substr(0, 2 * bytes);
  if (!absl::SimpleHexAtoi(digits, &value)) return std::nullopt;
  text->remove_prefix(digits.size());
  if (!absl::ConsumePrefix(text, separator)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<DceRpcInterface> ParseDceRpcInterface(
    absl::string_view argument) {
  const auto time_low = TakeHex(4, "-", &argument);
  if (!time_low.has_value()) return std::nullopt;
  const auto time_mid = TakeHex(2, "-", &argument);
  if (!time_mid.has_value()) return std::nullopt;
  const auto time_high = TakeHex(2, "-", &argument);
  if (!time_high.has_value()) return std::nullopt;
  const auto clock = TakeHex(2, "-", &argument);
  if (!clock.has_value()) return std::nullopt;
  const auto node = TakeHex(6, ",", &argument);
  if (!node.has_value()) return std::nullopt;
  const auto major = TakeNumber(&argument);
  if (!major.has_value() || !absl::ConsumePrefix(&argument, ".") ||
      !TakeNumber(&argument).has_value()) {
    return std::nullopt;
  }
  DceRpcInterface interface;
  interface.uuid.data1 = static_cast<uint32_t>(*time_low);
  interface.uuid.data2 = static_cast<uint16_t>(*time_mid);
  interface.uuid.data3 = static_cast<uint16_t>(*time_high);
  // The rest are bytes, the first one highest.
  uint64_t rest = *clock << 48 | *node;
  for (size_t i = interface.uuid.data4.size(); i > 0; --i) {
    interface.uuid.data4[i - 1] = static_cast<uint8_t>(rest);
    rest >>= 8;
  }
  interface.major_version = *major;
  return interface;
}

}  // namespace dissectd::engine
