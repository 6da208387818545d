// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_ANALYSIS_SOURCE_H_
#define CLIENTS_CLI_ANALYSIS_SOURCE_H_

#include <functional>
#include <memory>

#include "clients/cli/exit_codes.h"
#include "clients/cli/read_options.h"
#include "dissectd/v1/analysis.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Puts the options that affect dissection into a request's source.
void SetSourceOptions(const ReadOptions& options, v1::AnalysisSource* source);

// Makes a call of AnalysisService on the capture that the options name: a file
// of the store, or one of this machine. `source` is the member of the request
// that `call` sends. `call` sets the exit code if the call succeeds but the
// command doesn't, and can be made twice, for a file with a short name. Handles
// interrupts and prints errors.
ExitCode CallOnSource(const std::shared_ptr<grpc::Channel>& channel,
                      const ReadOptions& options, v1::AnalysisSource* source,
                      const std::function<grpc::Status(ExitCode* code)>& call);

// Prints the error that ended reading the capture, if there is one, and then
// sets the exit code.
void PrintReadError(const v1::AnalysisEnd& end, const ReadOptions& options,
                    ExitCode* code);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ANALYSIS_SOURCE_H_
