// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/selection_bytes.h"

#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"
#include "server/engine/worker_socket.h"

namespace dissectd::server {

std::string SelectionBytes(const FilterBitmaps::Bitmap& bitmap,
                           const std::vector<uint32_t>& frames) {
  const std::string bits = bitmap == nullptr ? "" : bitmap->bits();
  ipc::FrameSelection selection = {};
  selection.bitmap_bytes = static_cast<uint32_t>(bits.size());
  selection.frame_count = static_cast<uint32_t>(frames.size());
  std::string bytes = absl::StrCat(ipc::BytesOf(selection), bits);
  for (const uint32_t frame : frames) {
    absl::StrAppend(&bytes, ipc::BytesOf(frame));
  }
  return bytes;
}

std::vector<uint32_t> FramesOf(const std::vector<grpc::ByteBuffer>& responses) {
  std::string bytes;
  for (const grpc::ByteBuffer& response : responses) bytes += BytesOf(response);
  std::vector<uint32_t> frames(bytes.size() / sizeof(uint32_t));
  if (!frames.empty()) {
    std::memcpy(frames.data(), bytes.data(), frames.size() * sizeof(uint32_t));
  }
  return frames;
}

}  // namespace dissectd::server
