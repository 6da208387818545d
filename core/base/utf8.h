// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_UTF8_H_
#define CORE_BASE_UTF8_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dissectd {

// Returns whether `text` is valid UTF-8 as protobuf's `string` requires it: no
// surrogates, no overlong forms, nothing beyond U+10FFFF.
bool IsValidUtf8(absl::string_view text);

// Returns `text` with every byte that is not part of a valid character replaced
// by U+FFFD.
std::string MakeValidUtf8(absl::string_view text);

// Returns the longest prefix of the valid UTF-8 `text` that has at most
// `max_bytes` bytes and does not end within a character.
absl::string_view TruncateUtf8(absl::string_view text, size_t max_bytes);

}  // namespace dissectd

#endif  // CORE_BASE_UTF8_H_
