// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/pipe_head.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::server {
namespace {

// The type of a section header block, and the value from which its byte order
// is known, as they stand in a file.
constexpr absl::string_view kSectionHeader("\n\r\r\n", 4);
constexpr absl::string_view kBigEndian("\x1a\x2b\x3c\x4d", 4);
// The type, the length, and the byte order.
constexpr size_t kHeadBytes = 12;
constexpr uint32_t kMaxBlockBytes = 2048;

bool MayBeSectionHeader(absl::string_view bytes) {
  return absl::StartsWith(kSectionHeader,
                          bytes.substr(0, kSectionHeader.size()));
}

// Returns the length of the block that begins with these bytes.
uint32_t BlockBytes(absl::string_view head) {
  const bool big_endian = head.substr(8, 4) == kBigEndian;
  uint32_t length = 0;
  for (size_t i = 0; i < 4; ++i) {
    const auto byte =
        static_cast<unsigned char>(head[big_endian ? 4 + i : 7 - i]);
    length = length << 8 | byte;
  }
  return length;
}

}  // namespace

absl::StatusOr<std::string> PipeHead::Take(absl::string_view bytes) {
  if (checked_) return std::string(bytes);
  held_ += std::string(bytes);
  if (MayBeSectionHeader(held_)) {
    if (held_.size() < kHeadBytes) return std::string();
    const uint32_t length = BlockBytes(held_);
    if (length > kMaxBlockBytes) {
      return MakeError(
          absl::StatusCode::kFailedPrecondition,
          absl::StrCat("The section header block of the packets has ", length,
                       " bytes; dumpcap can read ", kMaxBlockBytes, "."),
          {"PIPE_DATA_INVALID", {}, {}});
    }
  }
  checked_ = true;
  return Rest();
}

}  // namespace dissectd::server
