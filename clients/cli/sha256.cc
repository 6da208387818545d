// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/sha256.h"

#include <gcrypt.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/status.h"

namespace dissectd::cli {
namespace {

constexpr size_t kChunkBytes = 1 << 20;
constexpr size_t kHashBytes = 32;

struct Closer {
  void operator()(gcry_md_hd_t digest) const { gcry_md_close(digest); }
};

}  // namespace

absl::StatusOr<std::string> Sha256OfFile(int fd, uint64_t size) {
  gcry_check_version(nullptr);
  gcry_md_hd_t opened = nullptr;
  if (gcry_md_open(&opened, GCRY_MD_SHA256, 0) != 0) {
    return absl::ErrnoToStatus(ENOMEM, "opening a digest");
  }
  const std::unique_ptr<gcry_md_handle, Closer> digest(opened);
  std::vector<char> chunk(kChunkBytes);
  uint64_t offset = 0;
  while (offset < size) {
    const ssize_t count =
        pread(fd, chunk.data(), std::min<uint64_t>(chunk.size(), size - offset),
              static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return absl::ErrnoToStatus(errno, "reading a file");
    if (count == 0) break;
    gcry_md_write(digest.get(), chunk.data(), static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
  return std::string(
      reinterpret_cast<const char*>(gcry_md_read(digest.get(), GCRY_MD_SHA256)),
      kHashBytes);
}

std::string Sha256OfText(absl::string_view text) {
  gcry_check_version(nullptr);
  std::array<char, kHashBytes> hash = {};
  gcry_md_hash_buffer(GCRY_MD_SHA256, hash.data(), text.data(), text.size());
  return {hash.begin(), hash.end()};
}

}  // namespace dissectd::cli
