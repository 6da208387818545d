// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_WTAP_ERROR_H_
#define CORE_EPAN_WTAP_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/epan/handles.h"

namespace dissectd::engine {

// What wiretap says when it fails: an error code and, for some codes, details.
struct WtapError {
  int code = 0;
  // Null where there are no details.
  GCharPtr info;
};

// The reason of an error for programs, as dissectd.v1.Failure.reason and
// ReadError.reason have it. One for each error of wiretap, and
// FILE_SYSTEM_ERROR for all positive codes (errno).
std::string WtapErrorReason(const WtapError& error);

// The message for an error that ended reading after the file was opened, as
// tshark and capinfos word it.
std::string ReadErrorMessage(const WtapError& error, absl::string_view file);

// The status for a file that can not be opened: FAILED_PRECONDITION, or
// INTERNAL where the file is not to blame.
absl::Status OpenErrorStatus(const WtapError& error, absl::string_view file);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_WTAP_ERROR_H_
