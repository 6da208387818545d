// SPDX-License-Identifier: GPL-2.0-or-later

// Sets a preference. The input is its name, a line feed, and its value, which
// can refer to an attachment with the name `a`.

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/epan/attachments.h"
#include "core/epan/preferences.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const size_t end = text.find('\n');
  // Requests that contain NUL are refused earlier.
  if (end == std::string::npos || text.find('\0') != std::string::npos) {
    return 0;
  }
  static const auto* const kAttachments = new dissectd::engine::Attachments(
      *dissectd::engine::Attachments::Create({{"a", "x"}}));
  dissectd::engine::SetPreference({text.substr(0, end), text.substr(end + 1)},
                                  *kAttachments)
      .IgnoreError();
  return 0;
}
