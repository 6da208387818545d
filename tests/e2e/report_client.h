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

  // Returns the result of the first report; an empty one if it has none.
  const v1::ReportResult& result() const;

  // Returns the texts in the order in which tshark prints them.
  std::string Texts() const;
};

// Makes reports as the request says.
ReportAnswer RunReports(const std::shared_ptr<grpc::Channel>& channel,
                        v1::RunStatisticsRequest request,
                        const std::vector<std::string>& reports);

}  // namespace dissectd

#endif  // TESTS_E2E_REPORT_CLIENT_H_
