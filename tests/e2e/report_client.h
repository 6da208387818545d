// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_REPORT_CLIENT_H_
#define TESTS_E2E_REPORT_CLIENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dissectd/v1/analysis.pb.h"

namespace dissectd {

// What RunStatistics has answered.
struct ReportAnswer {
  grpc::Status status;
  // For each report: its parts, merged.
  std::map<uint32_t, v1::ReportResult> results;
  v1::AnalysisEnd end;

  // Returns the texts in the order in which tshark prints them.
  std::string Texts() const;
};

// Makes reports as the request says.
ReportAnswer RunReports(const std::shared_ptr<grpc::Channel>& channel,
                        v1::RunStatisticsRequest request,
                        const std::vector<std::string>& reports);

// Returns the standard output of a command of the shell.
std::string OutputOf(const std::string& command);

}  // namespace dissectd

#endif  // TESTS_E2E_REPORT_CLIENT_H_
