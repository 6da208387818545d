// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SELECTION_BYTES_H_
#define SERVER_SESSION_SELECTION_BYTES_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <string>
#include <vector>

#include "server/session/filter_bitmaps.h"

namespace dissectd::server {

// Returns an ipc::FrameSelection with a bitmap, which may be null, and frames.
std::string SelectionBytes(const FilterBitmaps::Bitmap& bitmap,
                           const std::vector<uint32_t>& frames);

// Returns the numbers of frames in the responses to ipc::Query::kSortFrames.
std::vector<uint32_t> FramesOf(const std::vector<grpc::ByteBuffer>& responses);

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SELECTION_BYTES_H_
