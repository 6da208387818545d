// SPDX-License-Identifier: GPL-2.0-or-later

// Tests processes that are stopped by signals, and how the daemon stops.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <string>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/pipe_call.h"
#include "tests/e2e/raw_call.h"

namespace dissectd {
namespace {

grpc::Status GetServerInfo(const DaemonProcess& daemon) {
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  return v1::ServerService::NewStub(daemon.Connect())
      ->GetServerInfo(&context, v1::GetServerInfoRequest(), &info);
}

// Returns the status of the whole daemon as the health service gives it: the
// serialised message of grpc.health.v1.Health/Check.
std::string Health(const DaemonProcess& daemon) {
  std::string response;
  RawCall(daemon.Connect(), "/grpc.health.v1.Health/Check", "", &response);
  return response;
}

// The field `status` of the answer, with its values 1 and 2.
constexpr char kServing[] = "\x08\x01";
constexpr char kNotServing[] = "\x08\x02";

// Dissects a capture, which needs the engine.
grpc::Status Dissect(const DaemonProcess& daemon) {
  Dissection call(daemon.Connect(), RequestFor("dns.pcap"));
  v1::DissectResponse response;
  while (call.Next(&response)) {
  }
  return call.Finish();
}

TEST(StoppedEngineTest, IsReplaced) {
  const DaemonProcess daemon;
  const pid_t stopped = daemon.EnginePid();
  kill(stopped, SIGSTOP);
  WaitFor("another engine", [&] {
    const pid_t engine = daemon.EnginePid();
    return engine > 0 && engine != stopped && Health(daemon) == kServing;
  });
  EXPECT_EQ(Dissect(daemon).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST(StoppedEngineTest, DoesNotKeepTheDaemonFromEnding) {
  DaemonProcess daemon({"--drain-timeout=1"});
  kill(daemon.EnginePid(), SIGSTOP);
  const auto start = std::chrono::steady_clock::now();
  const int status = daemon.Stop();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(40));
}

TEST(LameDuckTest, CallsAreTakenWhileHealthSaysNotServing) {
  DaemonProcess daemon({"--lame-duck=5"});
  ASSERT_EQ(Health(daemon), kServing);
  daemon.RequestStop();
  WaitFor("the end of serving", [&] { return Health(daemon) == kNotServing; });
  EXPECT_TRUE(GetServerInfo(daemon).ok());
  const int status = daemon.Wait();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

// Clients try calls that end so again, at another daemon or the next one.
TEST(DrainTest, StreamsEndInTimeAndAsUnavailable) {
  DaemonProcess daemon({"--drain-timeout=1"});
  PipeCall call(daemon.Connect());
  ASSERT_TRUE(call.Send(v1::DissectRequest()));
  // gRPC cancels calls that haven't reached the daemon's code when it stops.
  ASSERT_TRUE(call.Send(CaptureBuilder().Add(UdpFrame(1, 2, "")).bytes()));
  ASSERT_EQ(call.ReadFrames(1), 1u);
  const auto start = std::chrono::steady_clock::now();
  daemon.RequestStop();
  EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
  EXPECT_EQ(daemon.Wait(), 0);
}

}  // namespace
}  // namespace dissectd
