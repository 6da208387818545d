// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_LOGGING_H_
#define CORE_BASE_LOGGING_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "spdlog/common.h"

namespace dissectd {

enum class LogFormat { kText, kJson };

// The log of a program, which goes to standard error, one message per line.
struct LogOptions {
  // trace, debug, info, warn, error, critical or off.
  std::string level = "info";
  LogFormat format = LogFormat::kText;
};

// Sets spdlog's default logger, which `program` names in every line. It writes
// the lines to `sinks`, too. JSON lines have the members time (RFC 3339, UTC),
// level, program, pid and message, and those of ScopedLogIds.
void ConfigureLogging(const std::string& program, const LogOptions& options,
                      std::vector<spdlog::sink_ptr> sinks = {});

// Adds the ids of a call to the JSON lines that this thread logs, as members
// with the names request_id, trace_id and span_id.
class ScopedLogIds {
 public:
  // `ids` are words `NAME=VALUE`; others than those are ignored. Outlives this.
  explicit ScopedLogIds(absl::string_view ids);
  ~ScopedLogIds();
  ScopedLogIds(const ScopedLogIds&) = delete;
  ScopedLogIds& operator=(const ScopedLogIds&) = delete;
};

}  // namespace dissectd

#endif  // CORE_BASE_LOGGING_H_
