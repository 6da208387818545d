// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/read_error.h"

#include "core/base/utf8.h"
#include "core/encode/wire.h"

namespace dissectd::engine {
namespace {

// Field numbers, as in proto/dissectd/v1/dissection.proto.
enum ReadErrorField : uint32_t { kReason = 1, kMessage };

}  // namespace

std::string ReadErrorBytes(const WtapError& error,
                           absl::string_view file_name) {
  std::string bytes;
  wire::AppendText(&bytes, kReason, WtapErrorReason(error));
  wire::AppendText(&bytes, kMessage,
                   MakeValidUtf8(ReadErrorMessage(error, file_name)));
  return bytes;
}

}  // namespace dissectd::engine
