// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_WRITE_ERROR_H_
#define CORE_EPAN_WRITE_ERROR_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/epan/wtap_error.h"

// Statuses for captures that can't be written, in tshark's words:
// FAILED_PRECONDITION if the file type is to blame, RESOURCE_EXHAUSTED if there
// is no room, otherwise INTERNAL. `file_type` is wiretap's short name.
namespace dissectd::engine {

// Returns the status for an error of opening the file.
absl::Status WriteBeginError(const WtapError& error,
                             absl::string_view file_type);

// Returns the status for an error of writing a frame of the capture `source`.
absl::Status WriteError(const WtapError& error, absl::string_view source,
                        uint32_t frame, absl::string_view file_type);

// Returns the status for an error of closing the file.
absl::Status WriteEndError(const WtapError& error, absl::string_view file_type);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_WRITE_ERROR_H_
