// SPDX-License-Identifier: GPL-2.0-or-later

// Tests DissectionService.DissectPipe: a capture that is dissected while the
// client sends it.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/pipe_call.h"

namespace dissectd {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kChunkLimit = 1 << 20;
// Nothing here takes this long unless something hangs.
constexpr std::chrono::seconds kPatience(60);

std::string Frames(int count) {
  CaptureBuilder capture;
  for (int i = 0; i < count; ++i) {
    capture.Add(UdpFrame(1000, 2000, std::to_string(i)));
  }
  return capture.bytes();
}

// Returns a capture of about a mebibyte.
std::string LargeCapture() {
  CaptureBuilder capture;
  for (int i = 0; i < 1000; ++i) {
    capture.Add(UdpFrame(1000, 2000, std::string(1000, 'x')));
  }
  return capture.bytes();
}

class DissectPipeTest : public ::testing::Test {
 protected:
  DissectPipeTest() : channel_(daemon_.Connect()) {}

  // Returns the number of workers; waits for it to become `count` first.
  size_t WorkersOnce(size_t count) const {
    const auto end = steady_clock::now() + kPatience;
    while (true) {
      const size_t workers = daemon_.WorkerPids().size();
      if (workers == count || steady_clock::now() > end) return workers;
      std::this_thread::sleep_for(milliseconds(10));
    }
  }

  DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(DissectPipeTest, AnswersAsForAFile) {
  const std::string bytes = Frames(300);
  daemon_.store().Write("frames.pcap", bytes);
  v1::DissectRequest request = RequestFor("frames.pcap");
  request.mutable_view()->set_display_filter("frame.number > 10");
  request.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
  const DissectionResult file = Dissect(channel_, request);
  ASSERT_TRUE(file.status.ok()) << file.status.error_message();

  request.clear_source();
  PipeCall call(channel_);
  ASSERT_TRUE(call.Send(request));
  for (size_t at = 0; at < bytes.size(); at += 1000) {
    ASSERT_TRUE(call.Send(bytes.substr(at, 1000)));
  }
  call.EndInput();
  const grpc::Status status = call.Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(call.frames(), 290u);
  EXPECT_EQ(call.last().end().SerializeAsString(),
            file.Last().end().SerializeAsString());
}

// A client that hasn't sent its request keeps nobody from dissecting.
TEST(DissectPipeLimitTest, SilentCallsNeedNoWorker) {
  const DaemonProcess daemon({"--max-workers=1"});
  daemon.store().Write("frames.pcap", Frames(3));
  const std::shared_ptr<grpc::Channel> channel = daemon.Connect();
  const PipeCall first(channel);
  const PipeCall second(channel);
  const DissectionResult result = Dissect(channel, RequestFor("frames.pcap"));
  EXPECT_TRUE(result.status.ok()) << result.status.error_message();
}

TEST_F(DissectPipeTest, SendsFramesAsTheyCome) {
  const std::string bytes = Frames(20);
  // A record has a header of 16 bytes; its frame has 42 and the payload.
  const size_t half = 24 + 10 * (16 + 42 + 1);
  PipeCall call(channel_);
  ASSERT_TRUE(call.Send(v1::DissectRequest()));
  ASSERT_TRUE(call.Send(bytes.substr(0, half)));
  EXPECT_EQ(call.ReadFrames(10), 10u);
  // Half a record is no frame yet.
  ASSERT_TRUE(call.Send(bytes.substr(half, 30)));
  ASSERT_TRUE(call.Send(bytes.substr(half + 30)));
  EXPECT_EQ(call.ReadFrames(20), 20u);
  call.EndInput();
  const grpc::Status status = call.Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(call.last().end().reason(), v1::END_REASON_END_OF_FILE);
}

TEST_F(DissectPipeTest, ReportsAnInputThatEndsInARecord) {
  const std::string bytes = Frames(3);
  PipeCall call(channel_);
  ASSERT_TRUE(call.Send(v1::DissectRequest()));
  ASSERT_TRUE(call.Send(bytes.substr(0, bytes.size() - 5)));
  call.EndInput();
  const grpc::Status status = call.Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(call.frames(), 2u);
  EXPECT_EQ(call.last().end().reason(), v1::END_REASON_READ_ERROR);
  EXPECT_EQ(call.last().end().read_error().reason(), "FILE_CUT_SHORT");
}

TEST_F(DissectPipeTest, RefusesWhatIsNoCapture) {
  PipeCall call(channel_);
  ASSERT_TRUE(call.Send(v1::DissectRequest()));
  std::string text;
  while (text.size() < 100'000) text += "This is no capture.\n";
  ASSERT_TRUE(call.Send(text));
  call.EndInput();
  const grpc::Status status = call.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(FailureOf(status).reason(), "FILE_UNKNOWN_FORMAT");
}

TEST_F(DissectPipeTest, EndsAtTheLimitOfTheView) {
  v1::DissectRequest request;
  request.mutable_view()->mutable_range()->set_last_frame(5);
  PipeCall call(channel_);
  ASSERT_TRUE(call.Send(request));
  ASSERT_TRUE(call.Send(Frames(20)));
  const grpc::Status status = call.Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(call.frames(), 5u);
  EXPECT_EQ(call.last().end().reason(), v1::END_REASON_LIMIT);
  EXPECT_EQ(WorkersOnce(0), 0u);
}

struct WrongCall {
  const char* what;
  std::vector<v1::DissectPipeRequest> messages;
  const char* reason;
};

TEST_F(DissectPipeTest, RefusesMessagesOutOfPlace) {
  v1::DissectPipeRequest request;
  request.mutable_request();
  v1::DissectPipeRequest bytes;
  bytes.set_data(Frames(1));
  v1::DissectPipeRequest large;
  large.set_data(std::string(kChunkLimit + 1, 'x'));
  v1::DissectPipeRequest with_source;
  with_source.mutable_request()->set_file("files/frames.pcap");
  v1::DissectPipeRequest two_passes;
  two_passes.mutable_request()->mutable_options()->set_two_pass(true);
  v1::DissectPipeRequest wrong_filter;
  wrong_filter.mutable_request()->mutable_view()->set_display_filter("ip.adr");
  const WrongCall cases[] = {
      {"nothing", {}, "PIPE_MESSAGE_UNEXPECTED"},
      {"an empty message", {{}}, "PIPE_MESSAGE_UNEXPECTED"},
      {"bytes first", {bytes}, "PIPE_MESSAGE_UNEXPECTED"},
      {"two requests", {request, request}, "PIPE_MESSAGE_UNEXPECTED"},
      {"a source", {with_source}, "SOURCE_UNEXPECTED"},
      {"two passes", {two_passes}, "TWO_PASSES_LIVE"},
      {"too many bytes", {request, large}, "PIPE_BYTES_TOO_LARGE"},
      {"a wrong filter", {wrong_filter, bytes}, "DISPLAY_FILTER_INVALID"},
  };
  for (const WrongCall& wrong : cases) {
    const auto stub = v1::DissectionService::NewStub(channel_);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    const auto stream = stub->DissectPipe(&context);
    for (const v1::DissectPipeRequest& message : wrong.messages) {
      // The call may have ended at an earlier one.
      stream->Write(message);
    }
    stream->WritesDone();
    v1::DissectResponse response;
    EXPECT_FALSE(stream->Read(&response)) << wrong.what;
    const grpc::Status status = stream->Finish();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT)
        << wrong.what << ": " << status.error_message();
    EXPECT_EQ(FailureOf(status).reason(), wrong.reason) << wrong.what;
  }
}

// wiretap, and so tshark, takes an empty pipe for an empty capture.
TEST_F(DissectPipeTest, AnswersAnEmptyInput) {
  PipeCall call(channel_);
  ASSERT_TRUE(call.Send(v1::DissectRequest()));
  call.EndInput();
  const grpc::Status status = call.Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(call.last().end().frames_read(), 0u);
}

TEST_F(DissectPipeTest, EndsTheWorkerOfAClientThatHasGone) {
  PipeCall call(channel_);
  ASSERT_TRUE(call.Send(v1::DissectRequest()));
  ASSERT_TRUE(call.Send(Frames(2)));
  EXPECT_EQ(call.ReadFrames(2), 2u);
  EXPECT_EQ(WorkersOnce(1), 1u);
  call.context()->TryCancel();
  EXPECT_EQ(WorkersOnce(0), 0u);
  EXPECT_EQ(call.Finish().error_code(), grpc::StatusCode::CANCELLED);
}

// A client that sends without reading must not fill the daemon's memory.
TEST_F(DissectPipeTest, SlowsDownAClientThatDoesNotRead) {
  constexpr int kMebibytes = 64;
  v1::DissectRequest request;
  request.mutable_view()->set_bytes(v1::BYTE_DETAIL_FRAME);
  PipeCall call(channel_);
  ASSERT_TRUE(call.Send(request));
  const std::string capture = LargeCapture();
  ASSERT_LE(capture.size(), kChunkLimit + (64 << 10));
  const std::string records = capture.substr(24);
  std::atomic<int> sent{0};
  std::thread writer([&] {
    ASSERT_TRUE(call.Send(capture.substr(0, 24)));
    while (sent < kMebibytes) {
      ASSERT_TRUE(call.Send(records.substr(0, kChunkLimit / 2)));
      ASSERT_TRUE(call.Send(records.substr(kChunkLimit / 2)));
      ++sent;
    }
    call.EndInput();
  });
  // Waits until nothing more is taken.
  int before = -1;
  while (before != sent) {
    before = sent;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  EXPECT_LT(sent, kMebibytes / 2);
  const grpc::Status status = call.Finish();
  writer.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(call.frames(), size_t{1000} * kMebibytes);
}

}  // namespace
}  // namespace dissectd
