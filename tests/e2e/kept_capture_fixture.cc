// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/kept_capture_fixture.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>

#include "dissectd/v1/server.grpc.pb.h"

namespace dissectd {

SteadyTraffic::SteadyTraffic() {
  thread_ = std::thread([this] {
    constexpr uint32_t kAtATime = 10;
    while (!stopping_) {
      SendUdp({.count = kAtATime,
               .first = sent_ + 1,
               .gap = std::chrono::microseconds(1000)});
      sent_ += kAtATime;
    }
  });
}

SteadyTraffic::~SteadyTraffic() { Stop(); }

void SteadyTraffic::AwaitMore(uint32_t count) const {
  WaitFor("packets",
          [this, wanted = sent_ + count] { return sent_ >= wanted; });
}

uint32_t SteadyTraffic::Stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  return sent_;
}

void KeptCaptureFixture::TearDown() {
  if (IsSkipped()) return;
  for (const v1::Capture& capture : client().List()) {
    if (!capture.has_stopped()) client().Stop(capture.name());
  }
}

void KeptCaptureFixture::EndDaemon(int signal) {
  kill(daemon().pid(), signal);
  const int status = daemon().Wait();
  if (signal == SIGKILL) {
    EXPECT_TRUE(WIFSIGNALED(status));
  } else {
    EXPECT_EQ(status, 0);
  }
}

void KeptCaptureFixture::StartDaemon() {
  daemon().Start();
  Connect();
}

std::vector<v1::CaptureEvent> KeptCaptureFixture::EventsOf(
    const v1::Capture& capture) const {
  const uint64_t last = client().Get(capture.name()).last_sequence();
  grpc::ClientContext context;
  CaptureClient::SetDeadline(&context);
  v1::WatchCaptureRequest request;
  request.set_name(capture.name());
  const auto reader = client().stub()->WatchCapture(&context, request);
  std::vector<v1::CaptureEvent> events;
  v1::WatchCaptureResponse response;
  while ((events.empty() || events.back().sequence() < last) &&
         reader->Read(&response)) {
    events.push_back(response.event());
  }
  context.TryCancel();
  reader->Finish();
  return events;
}

void KeptCaptureFixture::AwaitResult(const v1::Capture& capture) const {
  WaitFor("the end of the capture", [&] {
    std::error_code error;
    const auto size =
        std::filesystem::file_size(PathOfOwn(capture, ".keeper.result"), error);
    return !error && size > 0;
  });
}

bool KeptCaptureFixture::HasLogged(const std::string& text,
                                   const std::string& other) const {
  grpc::ClientContext context;
  CaptureClient::SetDeadline(&context);
  v1::GetDiagnosticsResponse response;
  const grpc::Status status =
      v1::ServerService::NewStub(channel())->GetDiagnostics(
          &context, v1::GetDiagnosticsRequest(), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  const auto& lines = response.log_lines();
  return std::any_of(lines.begin(), lines.end(), [&](const auto& line) {
    return line.find(text) != std::string::npos &&
           line.find(other) != std::string::npos;
  });
}

void KeptCaptureFixture::ExpectPackets(const v1::Capture& capture,
                                       uint32_t count) const {
  EXPECT_EQ(capture.packets_written(), count);
  EXPECT_EQ(NumbersOf(PacketsOf(capture)), Range(1, count));
}

int CountOf(v1::CaptureEvent::KindCase kind,
            const std::vector<v1::CaptureEvent>& events) {
  return static_cast<int>(std::count_if(
      events.begin(), events.end(),
      [kind](const auto& event) { return event.kind_case() == kind; }));
}

}  // namespace dissectd
