// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/process_errors.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::server {
namespace {

// Processes end all the time.
constexpr std::chrono::seconds kRetryDelay(1);

bool IsShortage(int error) {
  return error == EAGAIN || error == ENOMEM || error == EMFILE ||
         error == ENFILE;
}

}  // namespace

namespace errors {

absl::Status ProgramNotStarted(absl::string_view program, int error) {
  const std::string message =
      absl::StrCat("\"", program, "\" can't be started");
  if (!IsShortage(error)) return absl::ErrnoToStatus(error, message);
  return WithRetryDelay(
      MakeError(absl::StatusCode::kResourceExhausted,
                absl::StrCat(message, ": ", std::strerror(error)),
                {"PROGRAM_NOT_STARTED", {}, {}}),
      kRetryDelay);
}

}  // namespace errors

bool IsUnrelatedToProgram(const absl::Status& status) {
  if (absl::IsCancelled(status)) return true;
  return absl::IsResourceExhausted(status) &&
         status.GetPayload(kErrorInfoUrl).has_value();
}

}  // namespace dissectd::server
