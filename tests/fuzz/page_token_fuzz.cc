// SPDX-License-Identifier: GPL-2.0-or-later

// Parses any bytes as the page token of a list.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/status/statusor.h"
#include "core/base/paging.h"

// The part before the first line break is the question, the rest is the token
// and the last item of a page.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const size_t end = text.find('\n');
  const std::string question = text.substr(0, end);
  const std::string rest =
      end == std::string::npos ? std::string() : text.substr(end + 1);
  dissectd::ParsePageToken(question, rest).status().IgnoreError();
  const absl::StatusOr<std::string> item = dissectd::ParsePageToken(
      question, dissectd::MakePageToken(question, rest));
  // A token without the item that it was made with would repeat or lose files.
  // A question with a NUL could be that of another token.
  if (question.find('\0') == std::string::npos &&
      (!item.ok() || *item != rest)) {
    std::abort();
  }
  return 0;
}
