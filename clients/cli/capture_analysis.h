// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_ANALYSIS_H_
#define CLIENTS_CLI_CAPTURE_ANALYSIS_H_

#include <memory>
#include <string>

#include "clients/cli/capture_options.h"
#include "clients/cli/exit_codes.h"
#include "grpcpp/channel.h"

namespace dissectd::cli {

// Whether reports of a capture add to the frames that are printed.
bool AddsToInfo(const CaptureCommandOptions& options);

// Checks before a capture starts that its reports can be made. Prints errors.
ExitCode CheckCaptureAnalysis(const std::shared_ptr<grpc::Channel>& channel,
                              const CaptureCommandOptions& options);

// Makes the reports of a capture that has ended, given by its resource name.
// Prints errors.
ExitCode AnalyzeCapture(const std::shared_ptr<grpc::Channel>& channel,
                        const CaptureCommandOptions& options,
                        const std::string& capture);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_ANALYSIS_H_
