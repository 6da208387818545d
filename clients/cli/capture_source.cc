// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_source.h"

#include <unistd.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "clients/cli/small_file.h"

namespace dissectd::cli {
namespace {

// The API's limit.
constexpr size_t kMaxInlineBytes = 1 << 20;

// The first bytes of pcapng and pcap files, the latter with micro- and
// nanoseconds, in both byte orders.
constexpr absl::string_view kMagics[] = {"\x0a\x0d\x0d\x0a", "\xd4\xc3\xb2\xa1",
                                         "\xa1\xb2\xc3\xd4", "\x4d\x3c\xb2\xa1",
                                         "\xa1\xb2\x3c\x4d"};

// Whether wiretap recognises a file by its first bytes, before it looks at the
// extension of its name.
bool HasMagic(absl::string_view content) {
  return std::any_of(std::begin(kMagics), std::end(kMagics),
                     [content](absl::string_view magic) {
                       return absl::StartsWith(content, magic);
                     });
}

}  // namespace

std::optional<std::string> ReadInlineCapture(const LocalFile& file,
                                             size_t request_bytes) {
  if (file.size > kMaxInlineBytes ||
      request_bytes + file.size > kMaxSentBytes) {
    return std::nullopt;
  }
  std::string content(file.size, '\0');
  const ssize_t count =
      pread(file.fd.get(), content.data(), content.size(), /*offset=*/0);
  if (count < 0) return std::nullopt;
  content.resize(static_cast<size_t>(count));
  if (!HasMagic(content)) return std::nullopt;
  return content;
}

}  // namespace dissectd::cli
