// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/sha256.h"

#include <gcrypt.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "absl/status/status.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

constexpr size_t kChunkBytes = 1 << 20;

}  // namespace

void Sha256::Closer::operator()(gcry_md_handle* digest) const {
  gcry_md_close(digest);
}

Sha256::Sha256() {
  gcry_check_version(nullptr);
  gcry_md_hd_t digest = nullptr;
  const gcry_error_t error = gcry_md_open(&digest, GCRY_MD_SHA256, 0);
  if (error != 0) {
    // Happens only for lack of memory.
    spdlog::critical("libgcrypt: {}", gcry_strerror(error));
    std::abort();
  }
  digest_.reset(digest);
}

void Sha256::Add(absl::string_view bytes) {
  gcry_md_write(digest_.get(), bytes.data(), bytes.size());
}

std::string Sha256::Finish() {
  return {reinterpret_cast<const char*>(
              gcry_md_read(digest_.get(), GCRY_MD_SHA256)),
          kBytes};
}

absl::StatusOr<std::string> Sha256OfFile(int fd) {
  Sha256 hash;
  std::vector<char> chunk(kChunkBytes);
  off_t offset = 0;
  while (true) {
    const ssize_t count = pread(fd, chunk.data(), chunk.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return absl::ErrnoToStatus(errno, "reading a file");
    if (count == 0) return hash.Finish();
    hash.Add({chunk.data(), static_cast<size_t>(count)});
    offset += count;
  }
}

}  // namespace dissectd::server
