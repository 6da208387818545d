// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_PUBLIC_TEXT_H_
#define CORE_QUERY_PUBLIC_TEXT_H_

#include <string>

namespace dissectd::engine {

// Returns libwireshark's text, which may be null, as valid UTF-8; empty for
// null.
std::string PublicText(const char* text);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_PUBLIC_TEXT_H_
