// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/library_logs.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include <string>

#include "absl/strings/match.h"
#include "server/base/log_limit.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Returns whether gRPC tells a client's name for the daemon that its
// certificate doesn't have, such as an IP address. There is one certificate, so
// nothing is wrong unless the client says so.
bool IsOtherName(const gpr_log_func_args& arguments) {
  return absl::StartsWith(arguments.message, "No match found for server name");
}

// gRPC's errors are mostly those of single connections, such as handshakes that
// failed. Clients can cause any number of them.
spdlog::level::level_enum LevelOf(const gpr_log_func_args& arguments) {
  static auto* const kLimit = new LogLimit();
  return arguments.severity == GPR_LOG_SEVERITY_ERROR &&
                 !absl::EndsWith(arguments.file, "/chttp2_server.cc") &&
                 !IsOtherName(arguments) && kLimit->Allow()
             ? spdlog::level::warn
             : spdlog::level::debug;
}

void LogForGrpc(gpr_log_func_args* arguments) {
  spdlog::log(LevelOf(*arguments), "grpc: {}", arguments->message);
}

// Returns debug for errors of parsing, as clients can cause any number of them.
spdlog::level::level_enum LevelOf(google::protobuf::LogLevel level,
                                  const std::string& message) {
  if (level == google::protobuf::LOGLEVEL_INFO ||
      absl::StrContains(message, "when parsing")) {
    return spdlog::level::debug;
  }
  return level == google::protobuf::LOGLEVEL_WARNING ? spdlog::level::warn
                                                     : spdlog::level::err;
}

void LogForProtobuf(google::protobuf::LogLevel level, const char*, int,
                    const std::string& message) {
  spdlog::log(LevelOf(level, message), "protobuf: {}", message);
}

}  // namespace

void RedirectLibraryLogs() {
  gpr_set_log_function(LogForGrpc);
  google::protobuf::SetLogHandler(LogForProtobuf);
}

}  // namespace dissectd::server
