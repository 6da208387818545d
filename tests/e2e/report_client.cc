// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/report_client.h"

#include <grpcpp/client_context.h>

#include "dissectd/v1/analysis.grpc.pb.h"

namespace dissectd {

const v1::ReportResult& ReportAnswer::result() const {
  const auto first = results.find(0);
  return first == results.end() ? v1::ReportResult::default_instance()
                                : first->second;
}

std::string ReportAnswer::Texts() const {
  std::string texts;
  for (auto result = results.rbegin(); result != results.rend(); ++result) {
    texts += result->second.text();
  }
  return texts;
}

ReportAnswer RunReports(const std::shared_ptr<grpc::Channel>& channel,
                        v1::RunStatisticsRequest request,
                        const std::vector<std::string>& reports) {
  for (const std::string& report : reports) {
    request.add_reports()->set_argument(report);
  }
  grpc::ClientContext context;
  const auto reader =
      v1::AnalysisService::NewStub(channel)->RunStatistics(&context, request);
  ReportAnswer answer;
  v1::RunStatisticsResponse response;
  while (reader->Read(&response)) {
    if (response.has_end()) answer.end = response.end();
    if (!response.has_result()) continue;
    v1::ReportResult& result = answer.results[response.result().report_index()];
    const std::string text = result.text() + response.result().text();
    result.MergeFrom(response.result());
    result.set_text(text);
  }
  answer.status = reader->Finish();
  return answer;
}

}  // namespace dissectd
