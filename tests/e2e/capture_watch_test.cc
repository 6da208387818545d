// SPDX-License-Identifier: GPL-2.0-or-later

// Tests what operators see of calls that watch the events of captures.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "dissectd/v1/capture.grpc.pb.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "server/capture/capture_history.h"
#include "server/capture/capture_journal.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

constexpr int kEvents = 4000;

// Returns a capture that has ended, with more bytes of events than gRPC keeps
// for a client that doesn't read.
server::CaptureHistory HistoryWithManyEvents(const std::string& name) {
  v1::Capture capture;
  capture.set_name(name);
  server::CaptureHistory history(std::move(capture));
  for (int i = 0; i < kEvents; ++i) {
    v1::CaptureEvent event;
    event.mutable_message()->set_primary(std::string(4000, 'x'));
    history.Add(std::move(event));
  }
  v1::CaptureEvent end;
  end.mutable_stopped()->set_reason(v1::STOP_REASON_REQUESTED);
  history.Add(std::move(end));
  return history;
}

class CaptureWatchTest : public testing::Test {
 protected:
  // Returns the value of a metric without labels.
  int Metric(const std::string& name) {
    grpc::ClientContext context;
    v1::GetDiagnosticsResponse response;
    const grpc::Status status =
        v1::ServerService::NewStub(daemon_.Connect())
            ->GetDiagnostics(&context, v1::GetDiagnosticsRequest(), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    const std::string sign = "\n" + name + " ";
    const size_t at = response.metrics().find(sign);
    EXPECT_NE(at, std::string::npos) << name;
    if (at == std::string::npos) return -1;
    return std::stoi(response.metrics().substr(at + sign.size()));
  }

  // Waits until a metric has a value that it must have. Returns the last value.
  template <typename Condition>
  int Await(const std::string& name, Condition condition) {
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::minutes(1);
    int value = Metric(name);
    while (!condition(value) && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      value = Metric(name);
    }
    return value;
  }

  static constexpr char kBehind[] = "dissectd_capture_most_events_behind";
  static constexpr char kWatchers[] = "dissectd_capture_watchers";
  DaemonProcess daemon_;
};

TEST_F(CaptureWatchTest, MetricsTellHowFarAWatcherIsBehind) {
  const std::string name = "captures/" + std::string(32, 'a');
  daemon_.store().Write(name + "/.journal",
                        server::EncodeHistory(HistoryWithManyEvents(name)));
  daemon_.Restart();
  EXPECT_EQ(Metric(kWatchers), 0);
  EXPECT_EQ(Metric(kBehind), 0);
  const auto stub = v1::CaptureService::NewStub(daemon_.Connect());
  grpc::ClientContext context;
  v1::WatchCaptureRequest request;
  request.set_name(name);
  const auto reader = stub->WatchCapture(&context, request);
  const int behind = Await(kBehind, [](int count) { return count > 0; });
  EXPECT_GT(behind, 0);
  EXPECT_LE(behind, kEvents + 1);
  EXPECT_EQ(Metric(kWatchers), 1);

  v1::WatchCaptureResponse response;
  int events = 0;
  while (reader->Read(&response)) ++events;
  EXPECT_EQ(events, kEvents + 1);
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(Await(kWatchers, [](int count) { return count == 0; }), 0);
  EXPECT_EQ(Metric(kBehind), 0);
}

}  // namespace
}  // namespace dissectd
