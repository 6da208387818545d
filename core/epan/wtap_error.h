// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_WTAP_ERROR_H_
#define CORE_EPAN_WTAP_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/epan/handles.h"

namespace dissectd::engine {

// An error of wiretap: a code and, for some codes, details.
struct WtapError {
  int code = 0;
  // Null if there are no details.
  GCharPtr info;
};

// Returns the reason of an error, for dissectd.v1.Failure.reason and
// ErrorInfo.reason. Each error code of wiretap has one; all positive codes
// (errno) have FILE_SYSTEM_ERROR.
std::string WtapErrorReason(const WtapError& error);

// Returns the message for an error that ended reading after the file was
// opened, in the words of tshark and capinfos.
std::string ReadErrorMessage(const WtapError& error, absl::string_view file);

// Returns the status for a file that can't be opened: FAILED_PRECONDITION, or
// INTERNAL if the file is not to blame.
absl::Status OpenErrorStatus(const WtapError& error, absl::string_view file);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_WTAP_ERROR_H_
