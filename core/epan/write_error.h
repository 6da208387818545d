// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_WRITE_ERROR_H_
#define CORE_EPAN_WRITE_ERROR_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/epan/wtap_error.h"

// The statuses for captures that can't be written, in tshark's words:
// FAILED_PRECONDITION where the file type is to blame, RESOURCE_EXHAUSTED where
// there is no room, else INTERNAL. `file_type` is wiretap's short name.
namespace dissectd::engine {

// When the file was to be begun.
absl::Status WriteBeginError(const WtapError& error,
                             absl::string_view file_type);

// When a frame of the capture `source` was to be written.
absl::Status WriteError(const WtapError& error, absl::string_view source,
                        uint32_t frame, absl::string_view file_type);

// When the file was to be completed.
absl::Status WriteEndError(const WtapError& error, absl::string_view file_type);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_WRITE_ERROR_H_
