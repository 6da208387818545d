// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_BASE_LOGGING_H_
#define CORE_BASE_LOGGING_H_

#include <string>

namespace dissectd {

enum class LogFormat { kText, kJson };

// The log of a program, which goes to standard error, one message per line.
struct LogOptions {
  // trace, debug, info, warn, error, critical or off.
  std::string level = "info";
  LogFormat format = LogFormat::kText;
};

// Sets spdlog's default logger, which `program` names in every line. JSON lines
// have the members time (RFC 3339, UTC), level, program, pid and message.
void ConfigureLogging(const std::string& program, const LogOptions& options);

}  // namespace dissectd

#endif  // CORE_BASE_LOGGING_H_
