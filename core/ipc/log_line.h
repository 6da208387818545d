// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_IPC_LOG_LINE_H_
#define CORE_IPC_LOG_LINE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "spdlog/common.h"

namespace dissectd::ipc {

// Sets how dissectd-engine and its workers write the lines of their log to
// standard error, from where dissectd takes them: `warning[123]: message`, or
// `warning[123 request_id=ID trace_id=ID]: message` with the ids of the call
// that the process serves. `ids` are words of letters, digits and
// `-._~:/+=@`; may be empty. Forks inherit them.
void SetLogIds(absl::string_view ids);

// Returns the ids that were set last.
std::string LogIds();

struct LogLine {
  spdlog::level::level_enum level;
  // What the line says about its process, as a number.
  absl::string_view process;
  // The ids of the call that the process serves; may be empty.
  absl::string_view ids;
  absl::string_view message;
};

// Parses a line. Anything can write one, also libraries and workers that were
// taken over: a line of another form is a warning of no process. The views
// point into `line`.
LogLine ParseLogLine(absl::string_view line);

}  // namespace dissectd::ipc

#endif  // CORE_IPC_LOG_LINE_H_
