// SPDX-License-Identifier: GPL-2.0-or-later

// Uses the client for C++ with the real daemon.

#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/check_filter.h"
#include "clients/cpp/connect.h"
#include "clients/cpp/dissected_frames.h"
#include "clients/cpp/failure.h"
#include "clients/cpp/label_text.h"
#include "clients/cpp/requests.h"
#include "clients/cpp/upload_file.h"
#include "clients/cpp/value_text.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/file_contents.h"

namespace dissectd {
namespace {

constexpr size_t kFileHeaderBytes = 24;

std::string Capture(const std::string& name) {
  return ContentsOf("tests/captures/" + name);
}

// Returns a capture with the packets of another one, many times.
std::string Repeated(const std::string& capture, int times) {
  std::string repeated = capture;
  for (int i = 1; i < times; ++i) repeated += capture.substr(kFileHeaderBytes);
  return repeated;
}

class CppClientTest : public ::testing::Test {
 protected:
  CppClientTest() : channel_(Connect(daemon_.address())) {
    daemon_.store().Write("dns.pcap", Capture("dns.pcap"));
    daemon_.store().Write("cut.pcap", Capture("cut-short.pcap"));
    daemon_.store().Write("long.pcap", Repeated(Capture("dns.pcap"), 5000));
  }

  DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(CppClientTest, FramesHaveColumnsFieldsAndTrees) {
  v1::DissectRequest request = DissectCapture("dns.pcap", "dns.a");
  AddColumns({"%s"}, &request);
  AddTree(&request);
  DissectedFrames frames(channel_, request);
  uint32_t count = 0;
  for (const FrameView& frame : frames) {
    if (++count > 1) continue;
    EXPECT_EQ(frame.column(0), "192.0.2.2");
    EXPECT_EQ(ValueText(frame, "udp.srcport"), "53");
    EXPECT_EQ(ValueText(frame, "tcp.srcport"), "");
    const Node* const address = frame.Find("dns.a");
    ASSERT_NE(address, nullptr);
    EXPECT_EQ(LabelText(*address), "Address: 192.0.2.80");
  }
  EXPECT_TRUE(frames.status().ok()) << frames.status();
  EXPECT_GT(count, 1u);
  EXPECT_EQ(frames.totals().frames_sent(), count);
  EXPECT_EQ(frames.header().columns_size(), 1);
}

TEST_F(CppClientTest, AWrongFilterIsAStatusWithTheReasonAndThePlace) {
  DissectedFrames frames(channel_, DissectCapture("dns.pcap", "tcp && ip.adr"));
  for (const FrameView& frame : frames) FAIL() << frame.frame().number();
  EXPECT_TRUE(absl::IsInvalidArgument(frames.status())) << frames.status();
  const v1::Failure failure = FailureOf(frames.status());
  EXPECT_EQ(failure.reason(), "DISPLAY_FILTER_INVALID");
  EXPECT_EQ(failure.span().start(), 7u);
  EXPECT_EQ(failure.span().length(), 6u);
  const absl::Status checked = CheckFilter(channel_, "tcp && ip.adr");
  EXPECT_EQ(ErrorText(checked), ErrorText(frames.status()));
  EXPECT_EQ(FailureOf(checked).reason(), failure.reason());
  EXPECT_TRUE(CheckFilter(channel_, "tcp && ip.addr").ok());
}

TEST_F(CppClientTest, AFileThatIsCutShortHasItsFramesAndThenTheError) {
  DissectedFrames frames(channel_, DissectCapture("cut.pcap"));
  int count = 0;
  for (const FrameView& frame : frames) count += frame.frame().number() > 0;
  EXPECT_GT(count, 0);
  EXPECT_TRUE(absl::IsDataLoss(frames.status())) << frames.status();
  EXPECT_EQ(FailureOf(frames.status()).reason(), "FILE_CUT_SHORT");
}

TEST_F(CppClientTest, LeavingTheLoopEndsTheDissection) {
  v1::DissectRequest request = DissectCapture("long.pcap");
  AddTree(&request);
  {
    DissectedFrames frames(channel_, request);
    for (const FrameView& frame : frames) {
      EXPECT_EQ(frame.frame().number(), 1u);
      break;
    }
    EXPECT_TRUE(frames.status().ok());
    EXPECT_FALSE(daemon_.WorkerPids().empty());
  }
  daemon_.WaitForNoWorkers();
}

TEST_F(CppClientTest, ACancelledCallEndsTheLoop) {
  v1::DissectRequest request = DissectCapture("long.pcap");
  AddTree(&request);
  DissectedFrames frames(channel_, request);
  for (const FrameView& frame : frames) {
    if (frame.frame().number() == 1) frames.Cancel();
  }
  EXPECT_TRUE(absl::IsCancelled(frames.status())) << frames.status();
}

TEST_F(CppClientTest, AKilledDaemonEndsTheLoopWithAnError) {
  v1::DissectRequest request = DissectCapture("long.pcap");
  AddTree(&request);
  DissectedFrames frames(channel_, request);
  for (const FrameView& frame : frames) {
    if (frame.frame().number() == 1) kill(daemon_.pid(), SIGKILL);
  }
  daemon_.Wait();
  EXPECT_TRUE(absl::IsUnavailable(frames.status())) << frames.status();
}

TEST_F(CppClientTest, UploadsOfSeveralChunksArriveUnchanged) {
  const std::string path = daemon_.store().path() + "/long.pcap";
  ASSERT_GT(ContentsOf(path).size(), 2u << 20);
  const absl::StatusOr<std::string> name = UploadFile(channel_, path);
  ASSERT_TRUE(name.ok()) << name.status();
  EXPECT_EQ(ContentsOf(daemon_.store().path() + name->substr(5)),
            ContentsOf(path));
  EXPECT_TRUE(absl::IsNotFound(UploadFile(channel_, "/none").status()));
}

}  // namespace
}  // namespace dissectd
