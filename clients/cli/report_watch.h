// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_REPORT_WATCH_H_
#define CLIENTS_CLI_REPORT_WATCH_H_

#include <memory>
#include <string>
#include <vector>

#include "clients/cli/exit_codes.h"
#include "clients/cli/print_options.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Reports to print again and again while a capture runs.
struct ReportWatchOptions {
  // The name of the capture.
  std::string capture;
  std::vector<std::string> reports;
  // The time between two rounds in seconds.
  double interval = 1;
  PrintOptions print;
};

// Prints the reports in each round, after a line with the number of frames.
// Returns the exit code.
ExitCode WatchReports(const std::shared_ptr<grpc::Channel>& channel,
                      const ReportWatchOptions& options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_REPORT_WATCH_H_
