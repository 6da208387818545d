// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/daemon_process.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/e2e/process_children.h"

namespace dissectd {
namespace {

constexpr char kDaemon[] = "server/dissectd";
constexpr std::chrono::seconds kTimeout(30);
constexpr std::chrono::milliseconds kPollInterval(5);

}  // namespace

TemporaryFolder::TemporaryFolder() {
  // TEST_TMPDIR may be too long for the path of a socket.
  char name[] = "/tmp/dissectd-test-XXXXXX";
  path_ = mkdtemp(name);
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

void TemporaryFolder::Write(const std::string& name,
                            const std::string& bytes) const {
  const std::filesystem::path path = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

DaemonProcess::DaemonProcess(const std::vector<std::string>& arguments,
                             const std::vector<std::string>& launcher)
    : arguments_(arguments),
      launcher_(launcher),
      address_("unix:" + folder_.path() + "/socket") {
  Start();
}

DaemonProcess::~DaemonProcess() {
  if (pid_ != 0) {
    EXPECT_EQ(Stop(), 0);
  }
}

void DaemonProcess::Start() {
  const std::string listen = "--listen=" + address_;
  const std::string store = "--store=" + store_.path();
  std::vector<const char*> argv;
  for (const std::string& word : launcher_) argv.push_back(word.c_str());
  argv.insert(argv.end(), {kDaemon, listen.c_str(), store.c_str()});
  for (const std::string& argument : arguments_) {
    argv.push_back(argument.c_str());
  }
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    execvp(argv[0], const_cast<char**>(argv.data()));
    _exit(127);
  }
  ASSERT_TRUE(
      Connect()->WaitForConnected(std::chrono::system_clock::now() + kTimeout))
      << "dissectd doesn't listen";
}

std::shared_ptr<grpc::Channel> DaemonProcess::Connect() const {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  // Otherwise channels to one address would share a connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(),
                                   arguments);
}

pid_t DaemonProcess::EnginePid() const { return EngineOf(pid_); }

std::vector<pid_t> DaemonProcess::WorkerPids() const {
  return ChildrenOf(EnginePid());
}

void DaemonProcess::WaitForNoWorkers() const {
  WaitFor("the end of all workers", [this] { return WorkerPids().empty(); });
}

size_t DaemonProcess::OpenFileDescriptors() const {
  size_t count = 0;
  const std::string folder = "/proc/" + std::to_string(pid_) + "/fd";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

void DaemonProcess::RequestStop() const { kill(pid_, SIGTERM); }

int DaemonProcess::Wait() {
  int status = -1;
  WaitFor("the end of dissectd",
          [&] { return waitpid(pid_, &status, WNOHANG) == pid_; });
  pid_ = 0;
  return status;
}

int DaemonProcess::Stop() {
  RequestStop();
  return Wait();
}

void DaemonProcess::Restart() {
  EXPECT_EQ(Stop(), 0);
  Start();
}

void WaitFor(const char* what, const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + kTimeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      FAIL() << "waited in vain for " << what;
    }
    std::this_thread::sleep_for(kPollInterval);
  }
}

}  // namespace dissectd
