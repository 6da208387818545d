// SPDX-License-Identifier: GPL-2.0-or-later

// Kills the daemon and the processes of sessions while they are used.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/process_children.h"
#include "tests/e2e/session_client.h"

namespace dissectd {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// Enough for reports to take a while.
constexpr uint32_t kFrames = 40'000;

std::string ManyFrames() {
  CaptureBuilder capture;
  for (uint32_t i = 0; i < kFrames; ++i) {
    capture.Add(UdpFrame(static_cast<uint16_t>(1000 + i % 5000), 2000, "x"));
  }
  return capture.bytes();
}

// Returns a process and all that it has forked.
std::vector<pid_t> TreeOf(pid_t root) {
  std::vector<pid_t> tree = {root};
  for (size_t i = 0; i < tree.size(); ++i) {
    const std::vector<pid_t> children = ChildrenOf(tree[i]);
    tree.insert(tree.end(), children.begin(), children.end());
  }
  return tree;
}

bool AllGone(const std::vector<pid_t>& pids) {
  return std::none_of(pids.begin(), pids.end(),
                      [](pid_t pid) { return kill(pid, 0) == 0; });
}

std::vector<std::string> FilesBelow(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class SessionEndingTest : public ::testing::Test {
 protected:
  SessionEndingTest() : client_(daemon_.Connect()) {
    daemon_.store().Write("many.pcap", ManyFrames());
    session_ = client_.Open("many.pcap");
  }

  // Starts reports that look at every frame's details. `context` outlives them.
  std::unique_ptr<grpc::ClientReader<v1::RunStatisticsResponse>> StartReports(
      grpc::ClientContext* context) {
    v1::RunStatisticsRequest request;
    request.mutable_source()->set_session(session_.name());
    request.add_reports()->set_argument("io,phs");
    return analysis_->RunStatistics(context, request);
  }

  static grpc::Status Drain(
      grpc::ClientReader<v1::RunStatisticsResponse>* reader,
      std::vector<std::string>* results = nullptr) {
    v1::RunStatisticsResponse message;
    while (reader->Read(&message)) {
      if (results == nullptr || message.has_progress()) continue;
      results->push_back(message.SerializeAsString());
    }
    return reader->Finish();
  }

  void AwaitQuestion() {
    WaitFor("a question",
            [&] { return client_.Get(session_.name()).questions() == 1; });
  }

  grpc::Status GetFrame(uint32_t number) {
    v1::GetFrameResponse response;
    return client_.GetFrame(WholeFrame(session_.name(), number), &response);
  }

  DaemonProcess daemon_;
  SessionClient client_;
  const std::unique_ptr<v1::AnalysisService::Stub> analysis_ =
      v1::AnalysisService::NewStub(daemon_.Connect());
  v1::Session session_;
};

TEST_F(SessionEndingTest, KilledDaemonLeavesNothingOver) {
  const std::vector<std::string> files = FilesBelow(daemon_.store().path());
  grpc::ClientContext context;
  const auto reader = StartReports(&context);
  AwaitQuestion();
  // The daemon, the engine, the session's two processes, and the question.
  std::vector<pid_t> tree;
  WaitFor("the process of the question", [&] {
    tree = TreeOf(daemon_.pid());
    return tree.size() > 4;
  });
  kill(daemon_.pid(), SIGKILL);
  daemon_.Wait();
  EXPECT_EQ(Drain(reader.get()).error_code(), grpc::StatusCode::UNAVAILABLE);
  WaitFor("the end of all processes", [&] { return AllGone(tree); });
  EXPECT_EQ(FilesBelow(daemon_.store().path()), files);
  daemon_.Start();
  EXPECT_THAT(client_.List(), IsEmpty());
  grpc::Status status;
  client_.Get(session_.name(), &status);
  EXPECT_EQ(FailureOf(status).reason(), "SESSION_NOT_FOUND");
}

TEST_F(SessionEndingTest, ReportsBeginAgainWhenTheirProcessIsKilled) {
  const pid_t opened = daemon_.WorkerPids().at(0);
  const pid_t read = ChildrenOf(opened).at(0);
  WaitFor("the first checkpoint", [&] { return ChildrenOf(read).size() == 1; });
  const std::vector<pid_t> before = TreeOf(opened);
  grpc::ClientContext context;
  const auto reader = StartReports(&context);
  AwaitQuestion();
  pid_t question = 0;
  WaitFor("the process of the question", [&] {
    for (const pid_t parent : {opened, read}) {
      for (const pid_t child : ChildrenOf(parent)) {
        if (std::find(before.begin(), before.end(), child) == before.end()) {
          question = child;
        }
      }
    }
    return question != 0;
  });
  kill(question, SIGKILL);
  std::vector<std::string> results;
  EXPECT_TRUE(Drain(reader.get(), &results).ok());
  grpc::ClientContext undisturbed;
  std::vector<std::string> expected;
  EXPECT_TRUE(Drain(StartReports(&undisturbed).get(), &expected).ok());
  EXPECT_EQ(results, expected);
  EXPECT_EQ(client_.Get(session_.name()).state(), v1::SESSION_STATE_READY);
  EXPECT_TRUE(GetFrame(kFrames).ok());
  EXPECT_EQ(client_.Get(session_.name()).questions(), 0u);
}

TEST_F(SessionEndingTest, KilledProcessesEndAllThatIsAsked) {
  grpc::ClientContext watching;
  v1::WatchSessionRequest request;
  request.set_name(session_.name());
  const auto watch = client_.stub()->WatchSession(&watching, request);
  v1::WatchSessionResponse change;
  ASSERT_TRUE(watch->Read(&change));
  grpc::ClientContext context;
  const auto reader = StartReports(&context);
  AwaitQuestion();
  const std::vector<pid_t> workers = daemon_.WorkerPids();
  ASSERT_THAT(workers, SizeIs(1));
  const std::vector<pid_t> tree = TreeOf(workers.front());
  kill(workers.front(), SIGKILL);
  EXPECT_EQ(FailureOf(Drain(reader.get())).reason(), "WORKER_CRASHED");
  while (change.session().state() != v1::SESSION_STATE_FAILED) {
    ASSERT_TRUE(watch->Read(&change));
  }
  EXPECT_EQ(change.session().failure().reason(), "WORKER_CRASHED");
  WaitFor("the end of all processes", [&] { return AllGone(tree); });
  EXPECT_TRUE(client_.Close(session_.name()).ok());
  EXPECT_EQ(FailureOf(GetFrame(1)).reason(), "SESSION_NOT_FOUND");
}

TEST_F(SessionEndingTest, ClosingEndsReports) {
  grpc::ClientContext context;
  const auto reader = StartReports(&context);
  AwaitQuestion();
  EXPECT_TRUE(client_.Close(session_.name()).ok());
  EXPECT_EQ(FailureOf(Drain(reader.get())).reason(), "SESSION_CLOSED");
  daemon_.WaitForNoWorkers();
}

}  // namespace
}  // namespace dissectd
