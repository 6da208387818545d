// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_CAPTURE_FAULTS_H_
#define TESTS_E2E_CAPTURE_FAULTS_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/capture_client.h"
#include "tests/e2e/daemon_process.h"

namespace dissectd {

// Checks the error of a call that has to fail.
void ExpectError(const grpc::Status& status, grpc::StatusCode code,
                 const std::string& reason);

// The daemon's children, which DaemonProcess only tells apart while there is
// no dumpcap.
pid_t HostOf(pid_t daemon);
std::vector<pid_t> WorkersOf(pid_t daemon);
// All that are not dissectd-engine; what has ended counts until it is waited
// for.
std::vector<pid_t> DumpcapsOf(pid_t daemon);

// Waits until no dumpcap of the daemon is left, and captures once more.
void ExpectServing(const DaemonProcess& daemon);

// Bytes of memory that a process has.
size_t ResidentBytes(pid_t pid);

// The packets of a file that may end in the middle of one.
std::vector<StoredPacket> ReadWholePackets(const std::string& path);

// Checks frames that came with their bytes against the packets of a file, from
// the first one.
void ExpectSameBytes(const std::vector<v1::Frame>& frames,
                     const std::vector<StoredPacket>& packets);

// A program in place of a dumpcap that doesn't work.
class BrokenDumpcap {
 public:
  // It says that it is `version`, and otherwise runs `script` in /bin/sh, which
  // may wait for Release.
  explicit BrokenDumpcap(const std::string& script,
                         const std::string& version = "4.0.17");

  std::string argument() const { return "--dumpcap=" + path_; }
  void Release() const { folder_.Write("released", ""); }

  // Shell commands, each of which ends its line. To send a message with a
  // text, or any bytes, to the daemon:
  static std::string Send(char letter, const std::string& text);
  static std::string SendBytes(const std::string& bytes);
  static std::string AwaitRelease();

 private:
  const TemporaryFolder folder_;
  const std::string path_;
};

// Gives the calling thread, and what it starts, mounts of their own. Returns
// false if the kernel forbids it.
bool EnterPrivateMounts();

// A small file system on the store of a daemon, which is started again on it.
class SmallStore {
 public:
  SmallStore(DaemonProcess* daemon, size_t bytes);
  // After the daemon has ended.
  ~SmallStore();
  SmallStore(const SmallStore&) = delete;
  SmallStore& operator=(const SmallStore&) = delete;

  // Leaves no room.
  void Fill() const;
  void MakeReadOnly() const;

 private:
  const std::string folder_;
};

// A daemon whose user may not capture, with a dumpcap that has no more rights.
class UnprivilegedDaemon {
 public:
  UnprivilegedDaemon();
  ~UnprivilegedDaemon();
  UnprivilegedDaemon(const UnprivilegedDaemon&) = delete;
  UnprivilegedDaemon& operator=(const UnprivilegedDaemon&) = delete;

  pid_t pid() const { return pid_; }
  const std::string& dumpcap() const { return dumpcap_; }
  const TemporaryFolder& store() const { return store_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  void CopyPrograms() const;

  const TemporaryFolder folder_;
  const TemporaryFolder store_;
  const std::string dumpcap_;
  pid_t pid_ = 0;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace dissectd

#endif  // TESTS_E2E_CAPTURE_FAULTS_H_
