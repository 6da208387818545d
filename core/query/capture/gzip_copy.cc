// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/gzip_copy.h"

#include <zlib.h>

#include <cstddef>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/query/capture/written_file.h"

namespace dissectd::engine {
namespace {

// zlib's number for the largest window, with the head and tail of gzip.
constexpr int kGzipWindow = 15 + 16;
constexpr int kMemoryLevel = 8;
constexpr size_t kBufferBytes = 64 << 10;

// Compresses bytes, or with Z_FINISH the last ones.
absl::Status Compress(z_stream* stream, absl::string_view bytes, int flush,
                      const OutputFile& to) {
  std::string buffer(kBufferBytes, '\0');
  // zlib only reads the bytes.
  stream->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream->avail_in = static_cast<uInt>(bytes.size());
  do {
    stream->next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream->avail_out = static_cast<uInt>(buffer.size());
    if (deflate(stream, flush) == Z_STREAM_ERROR) {
      return absl::InternalError("zlib's state is wrong");
    }
    RETURN_IF_ERROR(
        AppendBytes(to.fd, {buffer.data(), buffer.size() - stream->avail_out}));
  } while (stream->avail_out == 0);
  return CheckFileSize(to);
}

}  // namespace

absl::Status CopyAsGzip(int from, const OutputFile& to) {
  z_stream stream = {};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow,
                   kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
    return absl::InternalError("zlib can't begin");
  }
  const absl::Cleanup end = [&stream] { deflateEnd(&stream); };
  RETURN_IF_ERROR(ReadWrittenFile(from, [&](absl::string_view chunk) {
                    return Compress(&stream, chunk, Z_NO_FLUSH, to);
                  }).status());
  return Compress(&stream, "", Z_FINISH, to);
}

}  // namespace dissectd::engine
