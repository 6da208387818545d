// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/written_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <memory>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/wireshark.h"
#include "core/sandbox/worker_sandbox.h"

namespace dissectd::engine {
namespace {

constexpr size_t kChunkBytes = 256 << 10;
constexpr size_t kSha256Bytes = 32;

// More than what is written before it is noticed that the file is too large:
// the longest packet that wiretap reads.
constexpr uint64_t kMaxExcessBytes = 256 << 20;

struct ChecksumDeleter {
  void operator()(GChecksum* checksum) const { g_checksum_free(checksum); }
};

}  // namespace

void AllowOutput(const QueryContext& context) {
  WorkerSandbox::AllowWriting(context.max_output_bytes + kMaxExcessBytes);
}

absl::Status AppendBytes(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && (errno == ENOSPC || errno == EDQUOT)) {
      return MakeError(absl::StatusCode::kResourceExhausted,
                       "There is no space left on the store's file system.",
                       {"STORE_FULL", {}, {}});
    }
    if (count < 0) return absl::ErrnoToStatus(errno, "can't write a file");
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return absl::OkStatus();
}

absl::StatusOr<FileFacts> ReadWrittenFile(int fd, TakeChunk take_chunk) {
  const std::unique_ptr<GChecksum, ChecksumDeleter> checksum(
      g_checksum_new(G_CHECKSUM_SHA256));
  FileFacts facts;
  std::string buffer(kChunkBytes, '\0');
  while (true) {
    const ssize_t count = pread(fd, buffer.data(), buffer.size(),
                                static_cast<off_t>(facts.size_bytes));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return absl::ErrnoToStatus(errno, "can't read the written file");
    }
    if (count == 0) break;
    const absl::string_view chunk(buffer.data(), static_cast<size_t>(count));
    g_checksum_update(checksum.get(),
                      reinterpret_cast<const guchar*>(chunk.data()), count);
    facts.size_bytes += chunk.size();
    RETURN_IF_ERROR(take_chunk(chunk));
  }
  gsize size = kSha256Bytes;
  facts.sha256.resize(size);
  g_checksum_get_digest(checksum.get(),
                        reinterpret_cast<guint8*>(facts.sha256.data()), &size);
  return facts;
}

}  // namespace dissectd::engine
