// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/capture_source.h"

#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/base/memory_file.h"

namespace dissectd::server {

absl::StatusOr<CaptureSource> HoldInlineCapture(absl::string_view bytes) {
  if (bytes.size() > kMaxInlineCaptureBytes) {
    return errors::InlineCaptureTooLarge(bytes.size(), kMaxInlineCaptureBytes);
  }
  CaptureSource source;
  ASSIGN_OR_RETURN(source.file, MemoryFileWith(bytes));
  return source;
}

}  // namespace dissectd::server
