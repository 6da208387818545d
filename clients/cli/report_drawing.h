// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_REPORT_DRAWING_H_
#define CLIENTS_CLI_REPORT_DRAWING_H_

#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/plot_options.h"
#include "dissectd/v1/analysis.pb.h"

namespace dissectd::cli {

// Draws a report, whose parts are merged: returns what goes to standard output,
// or writes the image to its file, and returns an empty text. Errors: INTERNAL
// if the file can't be written.
absl::StatusOr<std::string> DrawReport(const v1::ReportResult& result,
                                       const std::string& report,
                                       const PlotOptions& options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_REPORT_DRAWING_H_
