// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/request_id.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "server/base/random_id.h"

namespace dissectd::server {
namespace {

constexpr size_t kMaxBytes = 128;
constexpr absl::string_view kOtherCharacters = "-._~:/+=@";

bool IsAllowed(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         kOtherCharacters.find(c) != absl::string_view::npos;
}

}  // namespace

std::string RequestIdFrom(absl::string_view given) {
  if (!given.empty() && given.size() <= kMaxBytes &&
      std::all_of(given.begin(), given.end(), IsAllowed)) {
    return std::string(given);
  }
  return NewRandomId();
}

}  // namespace dissectd::server
