// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/capture_faults.h"

#include <fcntl.h>
#include <grp.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/e2e/dissection.h"
#include "tests/e2e/network_namespace.h"
#include "tests/e2e/process_children.h"

namespace dissectd {
namespace {

constexpr char kDumpcap[] = "/usr/bin/dumpcap";
constexpr uid_t kNobody = 65534;

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Returns the size of the complete blocks of a pcapng file.
size_t WholeBlockBytes(const std::string& bytes) {
  size_t end = 0;
  uint32_t length = 0;
  while (bytes.size() - end >= 12) {
    std::memcpy(&length, bytes.data() + end + 4, sizeof(length));
    if (length < 12 || length > bytes.size() - end) break;
    end += length;
  }
  return end;
}

}  // namespace

void ExpectError(const grpc::Status& status, grpc::StatusCode code,
                 const std::string& reason) {
  EXPECT_EQ(status.error_code(), code) << status.error_message();
  if (!status.ok()) {
    EXPECT_EQ(FailureOf(status).reason(), reason) << status.error_message();
  }
}

std::vector<pid_t> DumpcapsOf(pid_t daemon) {
  std::vector<pid_t> children = ChildrenOf(daemon);
  children.erase(std::remove_if(children.begin(), children.end(), IsEngine),
                 children.end());
  return children;
}

void ExpectServing(const DaemonProcess& daemon) {
  WaitFor("the end of dumpcap",
          [&] { return DumpcapsOf(daemon.pid()).empty(); });
  const CaptureClient client(daemon.Connect());
  const v1::Capture capture = client.Create(CaptureOfPackets(3));
  SendUdp(UdpTraffic{"127.0.0.1", 9999, 3});
  const v1::Capture ended = client.WaitForEnd(capture.name());
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION);
  EXPECT_EQ(ended.packets_written(), 3u);
  EXPECT_TRUE(client.Delete(capture.name(), true).ok());
}

size_t ResidentBytes(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  size_t total = 0;
  size_t resident = 0;
  EXPECT_TRUE(file >> total >> resident);
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

std::vector<StoredPacket> ReadWholePackets(const std::string& path) {
  const std::string bytes = ReadAll(path);
  const TemporaryFolder folder;
  folder.Write("whole.pcapng", bytes.substr(0, WholeBlockBytes(bytes)));
  return ReadStoredPackets(folder.path() + "/whole.pcapng");
}

void ExpectSameBytes(const std::vector<v1::PlainFrame>& frames,
                     const std::vector<StoredPacket>& packets) {
  ASSERT_LE(frames.size(), packets.size());
  for (size_t i = 0; i < frames.size(); ++i) {
    ASSERT_EQ(frames[i].number(), i + 1);
    ASSERT_GE(frames[i].sources_size(), 1);
    ASSERT_EQ(frames[i].sources(0).data(), packets[i].bytes) << "frame " << i;
  }
}

BrokenDumpcap::BrokenDumpcap(const std::string& script,
                             const std::string& version)
    : path_(folder_.path() + "/dumpcap") {
  folder_.Write("dumpcap",
                "#!/bin/sh\nif [ \"$1\" = -v ]; then\n  echo 'Dumpcap "
                "(Wireshark) " +
                    version + " (made up).'\n  exit\nfi\ncd '" +
                    folder_.path() + "' || exit 99\n" + script);
  chmod(path_.c_str(), 0755);
}

std::string BrokenDumpcap::Send(char letter, const std::string& text) {
  const size_t size = text.size() + 1;
  const std::string header = {letter, static_cast<char>(size >> 16),
                              static_cast<char>(size >> 8),
                              static_cast<char>(size)};
  return SendBytes(header + text + std::string(1, '\0'));
}

std::string BrokenDumpcap::SendBytes(const std::string& bytes) {
  std::string command = "printf '";
  for (const char byte : bytes) {
    char octal[8];
    std::snprintf(octal, sizeof(octal), "\\%03o",
                  static_cast<unsigned char>(byte));
    command += octal;
  }
  return command + "' >&2\n";
}

std::string BrokenDumpcap::AwaitRelease() {
  return "while [ ! -e released ]; do sleep 0.01; done\n";
}

bool EnterPrivateMounts() {
  return unshare(CLONE_NEWNS) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

SmallStore::SmallStore(DaemonProcess* daemon, size_t bytes)
    : folder_(daemon->store().path()) {
  const std::string size = "size=" + std::to_string(bytes);
  EXPECT_EQ(mount("small", folder_.c_str(), "tmpfs", 0, size.c_str()), 0)
      << std::strerror(errno);
  daemon->Restart();
}

SmallStore::~SmallStore() {
  EXPECT_EQ(umount2(folder_.c_str(), MNT_DETACH), 0);
}

void SmallStore::Fill() const {
  const std::string path = folder_ + "/filler";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(file, 0);
  const std::string page(4096, 'x');
  while (write(file, page.data(), page.size()) > 0) {
  }
  EXPECT_EQ(errno, ENOSPC);
  close(file);
}

void SmallStore::MakeReadOnly() const {
  EXPECT_EQ(
      mount("small", folder_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr),
      0)
      << std::strerror(errno);
}

UnprivilegedDaemon::UnprivilegedDaemon(CaptureRights rights)
    : dumpcap_(folder_.path() + "/bin/dumpcap") {
  CopyPrograms();
  for (const TemporaryFolder* folder : {&folder_, &store_}) {
    EXPECT_EQ(chown(folder->path().c_str(), kNobody, kNobody), 0);
  }
  const std::string address = "unix:" + folder_.path() + "/socket";
  const std::string program = folder_.path() + "/bin/dissectd";
  const std::string listen = "--listen=" + address;
  const std::string store = "--store=" + store_.path();
  const std::string dumpcap = "--dumpcap=" + dumpcap_;
  pid_ = fork();
  if (pid_ == 0) {
    if (rights == CaptureRights::kUnavailable) {
      prctl(PR_CAPBSET_DROP, CAP_NET_RAW, 0, 0, 0);
      prctl(PR_CAPBSET_DROP, CAP_NET_ADMIN, 0, 0, 0);
    }
    if (chdir("/") != 0 || setgroups(0, nullptr) != 0 ||
        setresgid(kNobody, kNobody, kNobody) != 0 ||
        setresuid(kNobody, kNobody, kNobody) != 0) {
      _exit(126);
    }
    // The home of the test's user must not be used.
    setenv("HOME", "/nonexistent", 1);
    execl(program.c_str(), program.c_str(), listen.c_str(), store.c_str(),
          dumpcap.c_str(), nullptr);
    _exit(127);
  }
  channel_ = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  EXPECT_TRUE(channel_->WaitForConnected(std::chrono::system_clock::now() +
                                         std::chrono::seconds(30)));
}

UnprivilegedDaemon::~UnprivilegedDaemon() {
  kill(pid_, SIGTERM);
  int status = -1;
  WaitFor("the end of dissectd",
          [&] { return waitpid(pid_, &status, WNOHANG) == pid_; });
  EXPECT_EQ(status, 0);
}

// Copies the programs to where the user can execute them; the copies have no
// capabilities.
void UnprivilegedDaemon::CopyPrograms() const {
  namespace fs = std::filesystem;
  const fs::path folder(folder_.path());
  fs::create_directories(folder / "bin");
  fs::create_directories(folder / "libexec/dissectd");
  const std::pair<const char*, const char*> programs[] = {
      {"server/dissectd", "bin/dissectd"},
      {"core/engine/dissectd-engine", "libexec/dissectd/dissectd-engine"},
      {"server/capture_filter/capture-filter-compiler",
       "libexec/dissectd/capture-filter-compiler"},
      {kDumpcap, "bin/dumpcap"}};
  for (const auto& [from, to] : programs) {
    fs::copy_file(from, folder / to);
    fs::permissions(folder / to, fs::perms(0755));
  }
}

}  // namespace dissectd
