// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_SHARKD_FIXTURE_H_
#define TESTS_E2E_SHARKD_FIXTURE_H_

#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/session_client.h"
#include "tests/e2e/sharkd_process.h"

namespace dissectd {

// A daemon and a sharkd that are asked about one capture of the project.
class SharkdTest : public ::testing::Test {
 protected:
  // Opens a capture of the project in both.
  void Open(const std::string& capture) {
    Open(capture, ContentsOfCapture(capture));
  }

  // Opens a file with this name and these contents in both.
  void Open(const std::string& name, const std::string& contents) {
    daemon_.store().Write(name, contents);
    session_ = client_.Open(name);
    const std::string path = daemon_.store().path() + "/" + name;
    EXPECT_EQ(sharkd_.Ask("load", {{"file", path}})["status"], "OK");
  }

  static std::string ContentsOfCapture(const std::string& capture) {
    std::ifstream file("tests/captures/" + capture, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  // Makes a report of the session, whole.
  v1::ReportResult Run(const std::string& report) {
    v1::RunStatisticsRequest request;
    SetSource(request.mutable_source());
    request.add_reports()->set_argument(report);
    grpc::ClientContext context;
    const auto reader = analysis_->RunStatistics(&context, request);
    v1::ReportResult result;
    v1::RunStatisticsResponse message;
    while (reader->Read(&message)) {
      if (message.has_result()) result.MergeFrom(message.result());
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << report << ": " << status.error_message();
    return result;
  }

  void SetSource(v1::AnalysisSource* source) const {
    source->set_session(session_.name());
  }

  DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_ = daemon_.Connect();
  SessionClient client_{channel_};
  const std::unique_ptr<v1::AnalysisService::Stub> analysis_ =
      v1::AnalysisService::NewStub(channel_);
  SharkdProcess sharkd_;
  v1::Session session_;
};

inline double SecondsOf(const v1::TimeValue& time) {
  return static_cast<double>(time.seconds()) +
         static_cast<double>(time.nanos()) / 1e9;
}

// The tolerance for times and other numbers that sharkd rounds.
constexpr double kRounded = 1e-5;

}  // namespace dissectd

#endif  // TESTS_E2E_SHARKD_FIXTURE_H_
