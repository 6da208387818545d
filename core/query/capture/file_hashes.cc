// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/file_hashes.h"

#include <gcrypt.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::engine {
namespace {

constexpr size_t kChunkBytes = 1 << 20;

struct DigestDeleter {
  void operator()(gcry_md_hd_t digest) const { gcry_md_close(digest); }
};
using DigestPtr = std::unique_ptr<gcry_md_handle, DigestDeleter>;

// Returns null if libgcrypt lacks one of the algorithms.
DigestPtr OpenDigests() {
  gcry_check_version(nullptr);
  gcry_md_hd_t digest = nullptr;
  gcry_md_open(&digest, GCRY_MD_SHA256, 0);
  DigestPtr owned(digest);
  if (digest == nullptr) return nullptr;
  for (const int algorithm : {GCRY_MD_RMD160, GCRY_MD_SHA1}) {
    if (gcry_md_enable(digest, algorithm) != 0) return nullptr;
  }
  return owned;
}

std::string Result(const DigestPtr& digest, gcry_md_algos algorithm) {
  return std::string(
      reinterpret_cast<const char*>(gcry_md_read(digest.get(), algorithm)),
      gcry_md_get_algo_dlen(algorithm));
}

absl::Status Failure(absl::string_view message) {
  return MakeError(
      absl::StatusCode::kInternal,
      absl::StrCat("The hashes of the file can't be computed: ", message),
      {"FILE_SYSTEM_ERROR", {}, {}});
}

}  // namespace

absl::StatusOr<FileHashes> HashFile(int fd) {
  const DigestPtr digest = OpenDigests();
  if (digest == nullptr) return Failure("libgcrypt has no such algorithm");
  std::vector<char> chunk(kChunkBytes);
  off_t offset = 0;
  while (true) {
    const ssize_t count = pread(fd, chunk.data(), chunk.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failure(std::strerror(errno));
    if (count == 0) break;
    gcry_md_write(digest.get(), chunk.data(), static_cast<size_t>(count));
    offset += count;
  }
  return FileHashes{Result(digest, GCRY_MD_SHA256),
                    Result(digest, GCRY_MD_RMD160),
                    Result(digest, GCRY_MD_SHA1)};
}

}  // namespace dissectd::engine
