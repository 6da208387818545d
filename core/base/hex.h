// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_HEX_H_
#define CORE_BASE_HEX_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace dissectd {

// Returns the bytes whose hexadecimal digits, of either case, `digits` are;
// nothing if their number is odd or others are among them. The function of
// abseil for this has other parameters in each release of Debian.
std::optional<std::string> BytesOfHex(absl::string_view digits);

}  // namespace dissectd

#endif  // CORE_BASE_HEX_H_
