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
#include <set>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "dissectd/v1/file.grpc.pb.h"
#include "dissectd/v1/session.grpc.pb.h"
#include "server/rpc/testing/metadata_text.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using server::RequestIdIn;
using server::TraceParentIn;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr char kRequestId[] = "x-request-id";

constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kTraceParent[] =
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

// A line of the log.
struct Line {
  std::string level;
  std::string message;
  // Members of the JSON; empty if it has none of the name.
  std::string request_id;
  std::string trace_id;
  std::string span_id;
};

// A daemon that logs JSON into a file.
class CallLogTest : public testing::TestWithParam<const char*> {
 protected:
  CallLogTest() {
    const int file = open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int own = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    daemon_ = std::make_unique<DaemonProcess>(
        std::vector<std::string>{"--allow-lua", "--log-format=json",
                                 std::string("--log-level=") + GetParam()});
    dup2(own, STDERR_FILENO);
    close(own);
    close(file);
    daemon_->store().Write("x.pcap",
                           CaptureBuilder().Add(UdpFrame(1, 2, "x")).bytes());
    files_ = v1::FileService::NewStub(daemon_->Connect());
  }

  // Stops the daemon, and returns the lines of its log about calls of a method.
  std::vector<Line> LinesAbout(const std::string& method) {
    return LinesWith("^call dissectd.v1." + method + ": ");
  }

  // Stops the daemon, and returns the lines of its log in whose message the
  // expression is found. Expects that every line of the log is JSON.
  std::vector<Line> LinesWith(const std::string& expression) {
    EXPECT_EQ(daemon_->Stop(), 0);
    const std::regex searched(expression);
    std::vector<Line> lines;
    std::ifstream file(path_);
    for (std::string text; std::getline(file, text);) {
      const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
      EXPECT_TRUE(json.is_object()) << text;
      if (!json.is_object()) continue;
      const std::string message = json["message"];
      if (std::regex_search(message, searched)) {
        lines.push_back({json["level"], message, json.value("request_id", ""),
                         json.value("trace_id", ""),
                         json.value("span_id", "")});
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

  // Returns options with a script that logs a line in the worker whenever it
  // sees a frame.
  static v1::DissectionOptions LoggingOptions() {
    v1::DissectionOptions options;
    v1::LuaScript* script = options.add_lua_scripts();
    script->set_name("logging.lua");
    script->set_content(R"lua(
      local logging = Proto("logging", "Logging")
      function logging.dissector() report_failure("from the worker") end
      register_postdissector(logging)
    )lua");
    return options;
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
  context.AddMetadata("traceparent", kTraceParent);
  context.AddMetadata("tracestate", "vendor=" + std::string(4000, 'x'));
  v1::ListFilesResponse response;
  ASSERT_TRUE(
      files_->ListFiles(&context, v1::ListFilesRequest(), &response).ok());
  EXPECT_EQ(RequestIdIn(context), "my-request/7");

  const std::vector<Line> lines = LinesAbout("FileService/ListFiles");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].level, "debug");
  EXPECT_THAT(lines[0].message, HasSubstr(": OK duration_ms="));
  EXPECT_THAT(lines[0].message, HasSubstr(" peer=fd:"));
  EXPECT_THAT(lines[0].message, HasSubstr(" principal=anonymous"));
  EXPECT_THAT(lines[0].message, HasSubstr(" request_id=my-request/7 "));
  // The daemon's span is below the client's, and the client is told.
  EXPECT_EQ(lines[0].request_id, "my-request/7");
  EXPECT_EQ(lines[0].trace_id, kTraceId);
  EXPECT_EQ(lines[0].span_id.size(), 16u);
  EXPECT_NE(lines[0].span_id, "00f067aa0ba902b7");
  EXPECT_THAT(lines[0].message, HasSubstr(std::string(" trace_id=") + kTraceId +
                                          " span_id=" + lines[0].span_id +
                                          " parent_span_id=00f067aa0ba902b7 "));
  EXPECT_EQ(TraceParentIn(context),
            std::string("00-") + kTraceId + "-" + lines[0].span_id + "-01");
  // What vendors say about the trace is theirs.
  EXPECT_THAT(lines[0].message, Not(HasSubstr("vendor")));
  EXPECT_EQ(context.GetServerTrailingMetadata().count("tracestate"), 0u);
}

TEST_P(DebugLogTest, LinesOfAWorkerHaveTheIdsOfItsCall) {
  grpc::ClientContext context;
  context.AddMetadata(kRequestId, "the-call");
  context.AddMetadata("traceparent", kTraceParent);
  v1::DissectRequest request = RequestFor("x.pcap");
  *request.mutable_options() = LoggingOptions();
  const auto stub = v1::DissectionService::NewStub(daemon_->Connect());
  const auto reader = stub->Dissect(&context, request);
  v1::DissectResponse response;
  while (reader->Read(&response)) {
  }
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_THAT(TraceParentIn(context), HasSubstr(kTraceId));

  const std::vector<Line> lines = LinesWith("from the worker");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].request_id, "the-call");
  EXPECT_EQ(lines[0].trace_id, kTraceId);
  EXPECT_THAT(lines[0].message,
              MatchesRegex("engine\\[[0-9]+ request_id=the-call "
                           "trace_id=4bf92f3577b34da6a3ce929d0e0e4736\\]: .*"));
}

TEST_P(DebugLogTest, LinesOfASessionHaveTheIdsOfEachCall) {
  const auto sessions = v1::SessionService::NewStub(daemon_->Connect());
  grpc::ClientContext opening;
  opening.AddMetadata(kRequestId, "opening");
  v1::OpenSessionRequest open;
  open.set_file("files/x.pcap");
  *open.mutable_options() = LoggingOptions();
  const auto reader = sessions->OpenSession(&opening, open);
  v1::OpenSessionResponse opened;
  v1::GetFrameRequest request;
  while (reader->Read(&opened)) {
    if (opened.has_session()) request.set_session(opened.session().name());
  }
  ASSERT_TRUE(reader->Finish().ok());
  grpc::ClientContext asking;
  asking.AddMetadata(kRequestId, "asking");
  request.set_frame_number(1);
  v1::GetFrameResponse response;
  ASSERT_TRUE(sessions->GetFrame(&asking, request, &response).ok());

  std::set<std::string> ids;
  for (const Line& line : LinesWith("from the worker")) {
    ids.insert(line.request_id);
    EXPECT_EQ(line.trace_id.size(), 32u);
  }
  EXPECT_THAT(ids, ElementsAre("asking", "opening"));
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
  const std::string id = RequestIdIn(second);
  EXPECT_EQ(id.size(), 32u) << id;

  const std::vector<Line> failed = LinesAbout("FileService/GetFile");
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].level, "info");
  EXPECT_THAT(failed[0].message, HasSubstr(": NOT_FOUND (FILE_NOT_FOUND) "));
  EXPECT_THAT(failed[0].message, HasSubstr(" request_id=" + id + " "));
  EXPECT_EQ(failed[0].request_id, id);
  // A call without a trace begins one, which the error comes with.
  EXPECT_EQ(TraceParentIn(second),
            "00-" + failed[0].trace_id + "-" + failed[0].span_id + "-00");
  EXPECT_THAT(failed[0].message, Not(HasSubstr("parent_span_id")));
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
