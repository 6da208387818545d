// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/public_text.h"

#include "core/base/utf8.h"

namespace dissectd::engine {

std::string PublicText(const char* text) {
  return text == nullptr ? std::string() : MakeValidUtf8(text);
}

}  // namespace dissectd::engine
