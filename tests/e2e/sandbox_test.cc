// SPDX-License-Identifier: GPL-2.0-or-later

// Tests that the workers of a daemon, which does what clients ask, are confined
// as core/sandbox/worker_sandbox_test.cc shows for processes of its own.

#include <gtest/gtest.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include "core/sandbox/process_rights.h"
#include "dissectd/v1/filter.grpc.pb.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/long_capture.h"
#include "tests/e2e/process_children.h"

namespace dissectd {
namespace {

constexpr int kFirstOwnDescriptor = 3;

// Returns what follows a name at the beginning of a line of /proc/PID/FILE.
std::string ValueIn(pid_t pid, const std::string& file,
                    const std::string& name) {
  std::ifstream lines("/proc/" + std::to_string(pid) + "/" + file);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(name, 0) == 0) return line.substr(name.size());
  }
  return "";
}

// Returns the first two words of the row of a limit: the soft and the hard one.
std::string LimitOf(pid_t pid, const std::string& name) {
  std::istringstream row(ValueIn(pid, "limits", name));
  std::string soft;
  std::string hard;
  row >> soft >> hard;
  return soft + " " + hard;
}

// Returns what a descriptor of a process refers to.
std::string TargetOf(pid_t pid, int fd) {
  std::error_code error;
  return std::filesystem::read_symlink(
      "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(fd), error);
}

bool Ignores(pid_t pid, int signal) {
  const std::string mask = ValueIn(pid, "status", "SigIgn:\t");
  return (std::stoull(mask, nullptr, 16) >> (signal - 1) & 1) != 0;
}

// Returns what the descriptors of a process refer to, except its standard
// input and outputs.
std::vector<std::string> DescriptorsOf(pid_t pid) {
  std::vector<std::string> targets;
  std::error_code error;
  const std::string folder = "/proc/" + std::to_string(pid) + "/fd";
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (std::stoi(entry.path().filename()) < kFirstOwnDescriptor) continue;
    targets.push_back(std::filesystem::read_symlink(entry.path(), error));
  }
  return targets;
}

bool StartsWith(const std::string& text, const std::string& start) {
  return text.rfind(start, 0) == 0;
}

class SandboxTest : public CaptureFixture {
 protected:
  SandboxTest()
      : CaptureFixture({"--pass-workers=2", "--worker-memory=6GB",
                        "--worker-processor-time=500"}) {}

  void SetUp() override {
    if (kHasSanitizer) GTEST_SKIP() << "builds with sanitizers have no sandbox";
    CaptureFixture::SetUp();
  }

  // Waits for the first frames, after which a worker has its final limits.
  static void AwaitBatch(Dissection* call) {
    v1::DissectResponse response;
    do {
      ASSERT_TRUE(call->Next(&response));
    } while (!response.has_batch());
  }

  // Waits for a worker that has entered its sandbox, and returns its process.
  pid_t AwaitConfinedWorker() const {
    pid_t found = 0;
    WaitFor("a worker in its sandbox", [this, &found] {
      for (const pid_t pid : daemon().WorkerPids()) {
        if (IsConfined(pid)) found = pid;
      }
      return found != 0;
    });
    return found;
  }

  // Whether a process has the lists of system calls of all steps, which it has
  // besides that of the engine.
  static bool IsConfined(pid_t pid) {
    const std::string filters = ValueIn(pid, "status", "Seccomp_filters:");
    constexpr int kSteps = 3;
    return !filters.empty() && std::stoi(filters) >= kSteps;
  }

  // Expects that a process has nothing of the daemon's inputs and outputs, and
  // survives the end of the one who reads its own.
  void ExpectOwnOutputs(pid_t pid) const {
    EXPECT_EQ(TargetOf(pid, STDIN_FILENO), "/dev/null");
    for (const int own : {STDOUT_FILENO, STDERR_FILENO}) {
      const std::string target = TargetOf(pid, own);
      EXPECT_TRUE(StartsWith(target, "pipe:")) << target;
      for (const int of_daemon : {STDOUT_FILENO, STDERR_FILENO}) {
        EXPECT_NE(target, TargetOf(daemon().pid(), of_daemon));
      }
    }
    EXPECT_TRUE(Ignores(pid, SIGPIPE));
  }

  // Expects that a process that reads a capture can neither fork nor write to
  // files.
  static void ExpectNoGrowth(pid_t pid) {
    EXPECT_EQ(LimitOf(pid, "Max processes"), "0 0");
    EXPECT_EQ(LimitOf(pid, "Max file size"), "0 0");
  }

  static void ExpectNoRights(pid_t pid) {
    EXPECT_EQ(ValueIn(pid, "status", "Seccomp:"), "\t2");
    EXPECT_EQ(ValueIn(pid, "status", "NoNewPrivs:"), "\t1");
    for (const char* set : {"CapPrm:", "CapEff:", "CapInh:", "CapAmb:"}) {
      EXPECT_EQ(ValueIn(pid, "status", set), "\t0000000000000000") << set;
    }
    EXPECT_EQ(LimitOf(pid, "Max core file size"), "0 0");
  }

  static void ExpectLimits(pid_t pid) {
    EXPECT_EQ(LimitOf(pid, "Max address space"), "6442450944 6442450944");
    EXPECT_EQ(LimitOf(pid, "Max cpu time"), "500 501");
    EXPECT_EQ(LimitOf(pid, "Max open files"), "1024 1024");
    EXPECT_NE(LimitOf(pid, "Max file size"), "unlimited unlimited");
  }

  // Expects that a process has no descriptors but those for its work. `file` is
  // what it may have open below the store.
  void ExpectDescriptors(pid_t pid, const std::string& file) const {
    int sockets = 0;
    for (const std::string& target : DescriptorsOf(pid)) {
      if (StartsWith(target, "socket:")) {
        ++sockets;
      } else if (StartsWith(target, daemon().store().path())) {
        EXPECT_TRUE(StartsWith(target, daemon().store().path() + "/" + file))
            << target;
      } else {
        // Memory, the engine's own folder, and random numbers.
        EXPECT_TRUE(StartsWith(target, "/memfd:") ||
                    StartsWith(target, "anon_inode:[signalfd]") ||
                    target == "/dev/null" || target == "/dev/urandom" ||
                    StartsWith(target, "pipe:"))
            << target;
      }
    }
    EXPECT_EQ(sockets, 1) << "its channel to the daemon";
  }
};

TEST_F(SandboxTest, ConfinesTheEngine) {
  ExpectNoRights(daemon().EnginePid());
  ExpectOwnOutputs(daemon().EnginePid());
}

TEST_F(SandboxTest, ConfinesWorkersOfOnePass) {
  daemon().store().Write("many.pcap", ManyFrames());
  v1::DissectRequest request = RequestFor("many.pcap");
  request.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
  Dissection call(channel(), request);
  AwaitBatch(&call);
  const pid_t worker = AwaitConfinedWorker();
  ExpectNoRights(worker);
  ExpectOwnOutputs(worker);
  ExpectLimits(worker);
  ExpectNoGrowth(worker);
  ExpectDescriptors(worker, "many.pcap");
  EXPECT_EQ(getpgid(worker), worker);
}

TEST_F(SandboxTest, ConfinesWorkersAndPassWorkersOfDissections) {
  daemon().store().Write("many.pcap", ManyFrames());
  v1::DissectRequest request = RequestFor("many.pcap");
  request.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
  request.mutable_options()->set_two_pass(true);
  Dissection call(channel(), request);
  AwaitBatch(&call);
  const pid_t worker = AwaitConfinedWorker();
  const std::vector<pid_t> pass_workers = ChildrenOf(worker);
  EXPECT_EQ(pass_workers.size(), 2u);
  ExpectNoRights(worker);
  ExpectOwnOutputs(worker);
  ExpectLimits(worker);
  EXPECT_EQ(LimitOf(worker, "Max file size"), "0 0");
  ExpectDescriptors(worker, "many.pcap");
  for (const pid_t pass_worker : pass_workers) {
    EXPECT_TRUE(IsConfined(pass_worker));
    ExpectNoRights(pass_worker);
    ExpectOwnOutputs(pass_worker);
    ExpectLimits(pass_worker);
    ExpectNoGrowth(pass_worker);
    ExpectDescriptors(pass_worker, "many.pcap");
  }
  // The pass workers end with their parent.
  kill(worker, SIGKILL);
  for (const pid_t pass_worker : pass_workers) {
    WaitFor("the end of a pass worker",
            [pass_worker] { return kill(pass_worker, 0) != 0; });
  }
}

TEST_F(SandboxTest, ConfinesWorkersOfLiveCapturesAndStatistics) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp({.count = 3});
  client().WaitForPackets(capture.name(), 3);
  {
    LiveDissection dissection(channel(),
                              LiveDissection::RequestFor(capture.name()));
    dissection.WaitForFrames(3);
    const pid_t worker = AwaitConfinedWorker();
    ExpectNoRights(worker);
    ExpectOwnOutputs(worker);
    ExpectLimits(worker);
    ExpectDescriptors(worker, "captures/");
    ExpectNoGrowth(worker);
  }
  daemon().WaitForNoWorkers();
  v1::WatchCaptureStatisticsRequest request;
  request.set_name(capture.name());
  request.mutable_interval()->set_seconds(1);
  grpc::ClientContext context;
  CaptureClient::SetDeadline(&context);
  const auto statistics =
      client().stub()->WatchCaptureStatistics(&context, request);
  const pid_t worker = AwaitConfinedWorker();
  ExpectNoRights(worker);
  ExpectOwnOutputs(worker);
  ExpectLimits(worker);
  ExpectDescriptors(worker, "captures/");
  ExpectNoGrowth(worker);
  context.TryCancel();
}

TEST_F(SandboxTest, ConfinesForksThatAnswerQueries) {
  const auto filters = v1::FilterService::NewStub(channel());
  v1::CompileFilterRequest request;
  request.set_filter("tcp.port == 80");
  v1::CompileFilterResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(filters->CompileFilter(&context, request, &response).ok());
  // One worker stays, and forks.
  int forks = 0;
  for (const pid_t worker : daemon().WorkerPids()) {
    ExpectNoRights(worker);
    ExpectOwnOutputs(worker);
    ExpectLimits(worker);
    for (const pid_t fork : ChildrenOf(worker)) {
      ++forks;
      EXPECT_TRUE(IsConfined(fork));
      ExpectNoRights(fork);
      ExpectOwnOutputs(fork);
      ExpectNoGrowth(fork);
      ExpectDescriptors(fork, "");
    }
  }
  EXPECT_GE(forks, 1);
}

TEST_F(SandboxTest, AStoppedEngineEndsWithTheDaemon) {
  const pid_t engine = daemon().EnginePid();
  kill(engine, SIGSTOP);
  kill(daemon().pid(), SIGKILL);
  daemon().Wait();
  WaitFor("the end of the engine", [engine] {
    return ValueIn(engine, "status", "State:").find('Z') != std::string::npos ||
           kill(engine, 0) != 0;
  });
  daemon().Start();
}

}  // namespace
}  // namespace dissectd
