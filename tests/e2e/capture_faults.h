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

// Expects that a call failed with the given code and reason.
void ExpectError(const grpc::Status& status, grpc::StatusCode code,
                 const std::string& reason);

// Returns all children except dissectd-engine, including those that have ended
// but were not waited for.
std::vector<pid_t> DumpcapsOf(pid_t daemon);

// Waits until the daemon has no dumpcap left, and expects that another capture
// works.
void ExpectServing(const DaemonProcess& daemon);

// Returns the resident memory of a process in bytes.
size_t ResidentBytes(pid_t pid);

// Returns the complete packets of a file that may end in the middle of one.
std::vector<StoredPacket> ReadWholePackets(const std::string& path);

// Checks frames that came with their bytes against the packets of a file, from
// the first one.
void ExpectSameBytes(const std::vector<v1::PlainFrame>& frames,
                     const std::vector<StoredPacket>& packets);

// A program that stands in for a dumpcap that misbehaves.
class BrokenDumpcap {
 public:
  // The program reports `version`, and otherwise runs `script` in /bin/sh,
  // which may wait for Release.
  explicit BrokenDumpcap(const std::string& script,
                         const std::string& version = "4.0.17");

  std::string argument() const { return "--dumpcap=" + path_; }
  void Release() const { folder_.Write("released", ""); }

  // Return shell commands, each ended by a newline, that send a message with a
  // text, or any bytes, to the daemon.
  static std::string Send(char letter, const std::string& text);
  static std::string SendBytes(const std::string& bytes);
  static std::string AwaitRelease();

 private:
  const TemporaryFolder folder_;
  const std::string path_;
};

// Puts the calling thread and its children into a new mount namespace. Returns
// false if the kernel forbids it.
bool EnterPrivateMounts();

// A small file system mounted on the store of a daemon, which is restarted on
// it.
class SmallStore {
 public:
  SmallStore(DaemonProcess* daemon, size_t bytes);
  // Unmounts it. The daemon must have ended.
  ~SmallStore();
  SmallStore(const SmallStore&) = delete;
  SmallStore& operator=(const SmallStore&) = delete;

  // Fills the file system completely.
  void Fill() const;
  void MakeReadOnly() const;

 private:
  const std::string folder_;
};

// Whether programs that a daemon starts can have the capabilities to capture:
// in containers, they often can't.
enum class CaptureRights { kCanBeGained, kUnavailable };

// A daemon run by a user who may not capture, with a dumpcap without
// capabilities.
class UnprivilegedDaemon {
 public:
  explicit UnprivilegedDaemon(
      CaptureRights rights = CaptureRights::kCanBeGained);
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
