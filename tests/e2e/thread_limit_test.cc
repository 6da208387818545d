// SPDX-License-Identifier: GPL-2.0-or-later

// Tests a daemon whose user may have no more processes and threads, as by
// `ulimit -u`.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/capture.grpc.pb.h"
#include "dissectd/v1/dissection.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

// A call that never ends fails its test.
constexpr std::chrono::seconds kCallTimeout(20);

// Another process of the user, such as one of another test, would count.
uid_t UserWithoutProcesses() {
  constexpr uid_t kFirst = 50'000;
  constexpr uid_t kCount = 10'000;
  return kFirst + static_cast<uid_t>(getpid()) % kCount;
}

// Returns the beginning of a command that runs as the user: the limit isn't for
// root. The user may open all files, as the test's files are root's.
std::vector<std::string> LauncherFor(uid_t user) {
  const std::string id = std::to_string(user);
  const char* capabilities = "-all,+dac_override,+dac_read_search";
  return {"env", "HOME=/", "setpriv", "--reuid=" + id, "--regid=" + id,
          "--clear-groups", std::string("--inh-caps=") + capabilities,
          std::string("--ambient-caps=") + capabilities,
          // Otherwise access() ignores the capabilities.
          "--securebits=+no_setuid_fixup"};
}

// Sets the soft limit of the threads of a process's user, as that user: this
// process may lack the right to set it for others.
void SetThreadLimit(uid_t user, pid_t process, rlim_t limit) {
  rlimit limits;
  // The process has inherited the hard limit.
  ASSERT_EQ(getrlimit(RLIMIT_NPROC, &limits), 0);
  limits.rlim_cur = std::min(limit, limits.rlim_max);
  const pid_t child = fork();
  if (child == 0) {
    // gRPC's threads aren't in this process, so that libc can't tell them.
    const bool done =
        syscall(SYS_setresgid, user, user, user) == 0 &&
        syscall(SYS_setresuid, user, user, user) == 0 &&
        syscall(SYS_prlimit64, process, RLIMIT_NPROC, &limits, nullptr) == 0;
    _exit(done ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
}

grpc::Status ListInterfaces(const DaemonProcess& daemon) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  v1::ListInterfacesResponse response;
  return v1::CaptureService::NewStub(daemon.Connect())
      ->ListInterfaces(&context, v1::ListInterfacesRequest(), &response);
}

grpc::Status DissectFrom(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  const auto reader = v1::DissectionService::NewStub(channel)->Dissect(
      &context, RequestFor("x.pcap"));
  v1::DissectResponse response;
  while (reader->Read(&response)) {
  }
  return reader->Finish();
}

class ThreadLimitTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    daemon_ = std::make_unique<DaemonProcess>(std::vector<std::string>(),
                                              LauncherFor(user_));
    CaptureBuilder capture;
    daemon_->store().Write("x.pcap", capture.Add(UdpFrame(1, 2, "x")).bytes());
    engine_ = daemon_->EnginePid();
    ASSERT_GT(engine_, 0);
  }

  // Sets the limit before gRPC has had much to do.
  void SetLimit(rlim_t limit) const {
    SetThreadLimit(user_, daemon_->pid(), limit);
    SetThreadLimit(user_, engine_, limit);
  }

  // Makes many calls at a time, which have to end with a type.
  void CallInVain() const {
    constexpr int kClients = 32;
    constexpr int kCallsOfEach = 4;
    std::vector<std::thread> clients;
    clients.reserve(kClients);
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back([this] {
        const auto channel = daemon_->Connect();
        for (int call = 0; call < kCallsOfEach; ++call) {
          const grpc::Status status = DissectFrom(channel);
          EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED)
              << status.error_message();
          EXPECT_EQ(FailureOf(status).reason(), "WORKER_NOT_STARTED");
        }
      });
    }
    for (std::thread& client : clients) client.join();
    const grpc::Status interfaces = ListInterfaces(*daemon_);
    EXPECT_EQ(interfaces.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED)
        << interfaces.error_message();
    EXPECT_EQ(FailureOf(interfaces).reason(), "PROGRAM_NOT_STARTED");
  }

  const uid_t user_ = UserWithoutProcesses();
  std::unique_ptr<DaemonProcess> daemon_;
  pid_t engine_ = 0;
};

TEST_F(ThreadLimitTest, CallsFailAndLeaveNoDescriptorsBehind) {
  const size_t before = daemon_->OpenFileDescriptors();
  SetLimit(1);
  CallInVain();
  WaitFor("the descriptors to be closed",
          [&] { return daemon_->OpenFileDescriptors() <= before; });
  SetLimit(RLIM_INFINITY);
  const grpc::Status status = DissectFrom(daemon_->Connect());
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(ListInterfaces(*daemon_).ok());
}

TEST_F(ThreadLimitTest, TheDaemonEndsWithoutMoreThreads) {
  SetLimit(1);
  CallInVain();
  // Waits for less time than the daemon would give itself.
  const int status = daemon_->Stop();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace dissectd
