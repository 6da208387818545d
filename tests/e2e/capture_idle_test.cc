// SPDX-License-Identifier: GPL-2.0-or-later

// Tests captures that end when no client uses them any more.

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "tests/e2e/capture_faults.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using std::chrono::milliseconds;

// Long enough for a busy machine to begin the next call in time.
constexpr int kTimeoutSeconds = 3;
constexpr milliseconds kLongIdle(1000 * kTimeoutSeconds + 1500);

class CaptureIdleTest : public CaptureFixture {
 protected:
  grpc::Status TryCreate(int64_t seconds, int32_t nanos, v1::Capture* capture) {
    v1::CreateCaptureRequest request;
    *request.mutable_options() = CaptureOf("lo");
    request.mutable_idle_timeout()->set_seconds(seconds);
    request.mutable_idle_timeout()->set_nanos(nanos);
    v1::CreateCaptureResponse response;
    const grpc::Status status = client().Call(
        &v1::CaptureService::Stub::CreateCapture, request, &response);
    *capture = response.capture();
    return status;
  }

  // Creates a capture that may be idle for kTimeoutSeconds.
  std::string Create() {
    v1::Capture capture;
    const grpc::Status status = TryCreate(kTimeoutSeconds, 0, &capture);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return capture.name();
  }

  // Returns a capture without using it.
  v1::Capture Find(const std::string& name) {
    for (v1::Capture& capture : client().List()) {
      if (capture.name() == name) return std::move(capture);
    }
    ADD_FAILURE() << "there is no " << name;
    return v1::Capture();
  }

  v1::Capture WaitForIdleEnd(const std::string& name) {
    WaitFor("the end of an idle capture",
            [&] { return Find(name).has_stopped(); });
    v1::Capture ended = Find(name);
    EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_IDLE);
    EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_STOPPED);
    return ended;
  }

  void ExpectRunning(const std::string& name) {
    EXPECT_EQ(Find(name).state(), v1::CAPTURE_STATE_RUNNING);
  }
};

TEST_F(CaptureIdleTest, EndsWithoutClients) {
  const std::string name = Create();
  SendUdp({.count = 3});
  const v1::Capture ended = WaitForIdleEnd(name);
  EXPECT_EQ(PacketsOf(ended).size(), 3u);
  daemon().Restart();
  Connect();
  EXPECT_EQ(Find(name).stopped().reason(), v1::STOP_REASON_IDLE);
}

TEST_F(CaptureIdleTest, GoesOnWithoutATimeout) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  std::this_thread::sleep_for(kLongIdle);
  ExpectRunning(capture.name());
  client().Stop(capture.name());
}

TEST_F(CaptureIdleTest, GoesOnWhileItIsWatched) {
  const std::string name = Create();
  grpc::ClientContext context;
  v1::WatchCaptureRequest request;
  request.set_name(name);
  const auto reader = client().stub()->WatchCapture(&context, request);
  std::this_thread::sleep_for(kLongIdle);
  ExpectRunning(name);
  context.TryCancel();
  reader->Finish().ok();
  WaitForIdleEnd(name);
}

TEST_F(CaptureIdleTest, GoesOnWhileItIsDissected) {
  const std::string name = Create();
  {
    LiveDissection one(channel(), LiveDissection::RequestFor(name));
    {
      LiveDissection two(channel(), LiveDissection::RequestFor(name));
      two.WaitForHeader();
    }
    one.WaitForHeader();
    std::this_thread::sleep_for(kLongIdle);
    ExpectRunning(name);
  }
  WaitForIdleEnd(name);
}

TEST_F(CaptureIdleTest, GoesOnWhileItsStatisticsAreWatched) {
  const std::string name = Create();
  grpc::ClientContext context;
  v1::WatchCaptureStatisticsRequest request;
  request.set_name(name);
  const auto reader =
      client().stub()->WatchCaptureStatistics(&context, request);
  std::this_thread::sleep_for(kLongIdle);
  ExpectRunning(name);
  context.TryCancel();
  reader->Finish().ok();
  WaitForIdleEnd(name);
}

TEST_F(CaptureIdleTest, GoesOnWhileItIsAskedFor) {
  const std::string name = Create();
  for (milliseconds waited(0); waited < kLongIdle;
       waited += milliseconds(300)) {
    EXPECT_FALSE(client().Get(name).has_stopped());
    std::this_thread::sleep_for(milliseconds(300));
  }
  WaitForIdleEnd(name);
}

TEST_F(CaptureIdleTest, RefusesOtherTimes) {
  struct Time {
    int64_t seconds;
    int32_t nanos;
  };
  for (const Time& time : {Time{0, 0}, Time{-1, 0}, Time{0, 999'999'999},
                           Time{1, -1}, Time{86'400, 1}, Time{86'401, 0},
                           Time{INT64_MAX, 0}, Time{INT64_MIN, 0}}) {
    v1::Capture capture;
    ExpectError(TryCreate(time.seconds, time.nanos, &capture),
                grpc::StatusCode::INVALID_ARGUMENT, "CAPTURE_OPTION_INVALID");
  }
  EXPECT_TRUE(client().List().empty());
  v1::Capture capture;
  EXPECT_TRUE(TryCreate(86'400, 0, &capture).ok());
  client().Stop(capture.name());
}

}  // namespace
}  // namespace dissectd
