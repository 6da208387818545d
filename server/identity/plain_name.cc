// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/plain_name.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"

namespace dissectd::server {
namespace {

constexpr size_t kMaxBytes = 255;

}  // namespace

bool IsPlainName(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxBytes &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isgraph(c); });
}

}  // namespace dissectd::server
