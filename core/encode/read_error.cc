// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/read_error.h"

#include "core/base/utf8.h"
#include "core/encode/wire.h"
#include "dissectd/v1/common.schema.h"

namespace dissectd::engine {
namespace {}  // namespace

std::string ReadErrorBytes(const WtapError& error,
                           absl::string_view file_name) {
  std::string bytes;
  wire::AppendText(&bytes, schema::Failure::kReason, WtapErrorReason(error));
  wire::AppendText(&bytes, schema::Failure::kMessage,
                   MakeValidUtf8(ReadErrorMessage(error, file_name)));
  return bytes;
}

}  // namespace dissectd::engine
