// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the daemon's log of calls, and the ids that calls have in it.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kRequestId[] = "x-request-id";

// A line of the log about a call.
struct Line {
  std::string level;
  std::string message;
};

// A daemon that logs JSON into a file.
class CallLogTest : public testing::TestWithParam<const char*> {
 protected:
  CallLogTest() {
    const int file = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int own = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    daemon_ = std::make_unique<DaemonProcess>(std::vector<std::string>{
        "--log-format=json", std::string("--log-level=") + GetParam()});
    dup2(own, STDERR_FILENO);
    close(own);
    close(file);
    daemon_->store().Write("x.pcap", CaptureBuilder().bytes());
    files_ = v1::FileService::NewStub(daemon_->Connect());
  }

  // Stops the daemon, and returns the lines of its log about calls of a method.
  // Expects that every line of the log is JSON.
  std::vector<Line> LinesAbout(const std::string& method) {
    EXPECT_EQ(daemon_->Stop(), 0);
    std::vector<Line> lines;
    std::ifstream file(path_);
    for (std::string text; std::getline(file, text);) {
      const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
      EXPECT_TRUE(json.is_object()) << text;
      if (!json.is_object()) continue;
      const std::string message = json["message"];
      if (message.rfind("call dissectd.v1." + method + ": ", 0) == 0) {
        lines.push_back({json["level"], message});
      }
    }
    return lines;
  }

  // Returns the number of lines that the log says it has left out.
  uint64_t LeftOutLines() const {
    uint64_t count = 0;
    std::ifstream file(path_);
    const std::regex words("left out ([0-9]+) lines about calls of unix: that");
    for (std::string text; std::getline(file, text);) {
      std::smatch found;
      if (std::regex_search(text, found, words)) count += std::stoull(found[1]);
    }
    return count;
  }

  static std::string IdIn(const grpc::ClientContext& context) {
    const auto& metadata = context.GetServerInitialMetadata();
    const auto found = metadata.find(kRequestId);
    return found == metadata.end()
               ? ""
               : std::string(found->second.data(), found->second.size());
  }

  const TemporaryFolder folder_;
  const std::string path_ = folder_.path() + "/log";
  std::unique_ptr<DaemonProcess> daemon_;
  std::unique_ptr<v1::FileService::Stub> files_;
};

using DebugLogTest = CallLogTest;
INSTANTIATE_TEST_SUITE_P(, DebugLogTest, testing::Values("debug"));

using DefaultLogTest = CallLogTest;
INSTANTIATE_TEST_SUITE_P(, DefaultLogTest, testing::Values("info"));

TEST_P(DebugLogTest, ACallHasOneLineWithTheClientsIds) {
  grpc::ClientContext context;
  context.AddMetadata(kRequestId, "my-request/7");
  context.AddMetadata(
      "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  v1::ListFilesResponse response;
  ASSERT_TRUE(
      files_->ListFiles(&context, v1::ListFilesRequest(), &response).ok());
  EXPECT_EQ(IdIn(context), "my-request/7");

  const std::vector<Line> lines = LinesAbout("FileService/ListFiles");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].level, "debug");
  EXPECT_THAT(lines[0].message, HasSubstr(": OK duration_ms="));
  EXPECT_THAT(lines[0].message, HasSubstr(" peer=fd:"));
  EXPECT_THAT(lines[0].message, HasSubstr(" principal=anonymous"));
  EXPECT_THAT(lines[0].message, HasSubstr(" request_id=my-request/7 "));
  EXPECT_THAT(lines[0].message,
              HasSubstr(" trace_id=4bf92f3577b34da6a3ce929d0e0e4736 "
                        "span_id=00f067aa0ba902b7 "));
}

TEST_P(DebugLogTest, AStreamIsCountedButNotQuoted) {
  ASSERT_TRUE(Dissect(daemon_->Connect(), RequestFor("x.pcap")).status.ok());
  const std::vector<Line> lines = LinesAbout("DissectionService/Dissect");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].level, "debug");
  EXPECT_THAT(lines[0].message, HasSubstr(" messages_received=1 "));
  EXPECT_THAT(lines[0].message, Not(HasSubstr(" messages_sent=0 ")));
  EXPECT_THAT(lines[0].message, Not(HasSubstr(" bytes_sent=0")));
  EXPECT_THAT(lines[0].message, Not(HasSubstr("x.pcap")));
}

TEST_P(DefaultLogTest, OnlyFailedCallsHaveALine) {
  grpc::ClientContext first;
  v1::ListFilesResponse list;
  ASSERT_TRUE(files_->ListFiles(&first, v1::ListFilesRequest(), &list).ok());
  grpc::ClientContext second;
  // An invalid id is replaced.
  second.AddMetadata(kRequestId, "a b");
  v1::GetFileRequest request;
  request.set_name("files/missing.pcap");
  v1::GetFileResponse response;
  EXPECT_EQ(files_->GetFile(&second, request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  const std::string id = IdIn(second);
  EXPECT_EQ(id.size(), 32u) << id;

  const std::vector<Line> failed = LinesAbout("FileService/GetFile");
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].level, "info");
  EXPECT_THAT(failed[0].message, HasSubstr(": NOT_FOUND (FILE_NOT_FOUND) "));
  EXPECT_THAT(failed[0].message, HasSubstr(" request_id=" + id + " "));
}

TEST_P(DefaultLogTest, ManyFailedCallsDoNotFillTheLog) {
  constexpr uint64_t kCalls = 3000;
  constexpr uint64_t kLinesPerSecond = 100;
  v1::GetFileRequest request;
  request.set_name("files/missing.pcap");
  const auto start = std::chrono::steady_clock::now();
  for (uint64_t i = 0; i < kCalls; ++i) {
    grpc::ClientContext context;
    v1::GetFileResponse response;
    ASSERT_EQ(files_->GetFile(&context, request, &response).error_code(),
              grpc::StatusCode::NOT_FOUND);
  }
  const auto seconds =
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(
                                std::chrono::steady_clock::now() - start)
                                .count());
  const uint64_t lines = LinesAbout("FileService/GetFile").size();
  EXPECT_LE(lines, (seconds + 2) * kLinesPerSecond);
  EXPECT_EQ(lines + LeftOutLines(), kCalls);
}

TEST_P(DefaultLogTest, ACancelledCallIsAFailedOne) {
  // The client cancels the stream in the middle.
  CaptureBuilder capture;
  for (int i = 0; i < 20000; ++i) capture.Add(UdpFrame(1, 2, "payload"));
  daemon_->store().Write("long.pcap", capture.bytes());
  grpc::ClientContext context;
  const auto stub = v1::DissectionService::NewStub(daemon_->Connect());
  v1::DissectRequest request = RequestFor("long.pcap");
  request.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
  const auto reader = stub->Dissect(&context, request);
  v1::DissectResponse response;
  ASSERT_TRUE(reader->Read(&response));
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);

  const std::vector<Line> lines = LinesAbout("DissectionService/Dissect");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].level, "info");
  EXPECT_THAT(lines[0].message, HasSubstr(": CANCELLED duration_ms="));
}

}  // namespace
}  // namespace dissectd
