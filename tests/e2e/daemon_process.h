// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_DAEMON_PROCESS_H_
#define TESTS_E2E_DAEMON_PROCESS_H_

#include <grpcpp/channel.h>
#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dissectd {

// A folder of the test's own, short enough for socket paths; deleted with all
// that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  // Writes a file below it, making folders as needed.
  void Write(const std::string& name, const std::string& bytes) const;

 private:
  std::string path_;
};

// Starts the real dissectd with a store of its own, and ends it.
class DaemonProcess {
 public:
  // `arguments` come after those for the address and the store.
  explicit DaemonProcess(const std::vector<std::string>& arguments = {});
  // Ends it as Stop does, unless that was called.
  ~DaemonProcess();
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;

  const TemporaryFolder& store() const { return store_; }
  const std::string& address() const { return address_; }
  pid_t pid() const { return pid_; }

  // A connection of its own to the daemon.
  std::shared_ptr<grpc::Channel> Connect() const;

  pid_t HostPid() const;
  // Of the worker processes that there are now.
  std::vector<pid_t> WorkerPids() const;
  // Of the daemon.
  size_t OpenFileDescriptors() const;

  // Sends SIGTERM.
  void RequestStop() const;
  // Waits for its end, and returns what waitpid says.
  int Wait();
  // Both.
  int Stop();
  // Stops it, and starts it again with the same store and address.
  void Restart();
  // Starts it again, after Wait, with the same store and address.
  void Start();

 private:
  const TemporaryFolder folder_;
  const TemporaryFolder store_;
  const std::vector<std::string> arguments_;
  const std::string address_;
  pid_t pid_ = 0;
};

// Waits until `condition` holds; fails the test if it doesn't within half a
// minute.
void WaitFor(const char* what, const std::function<bool()>& condition);

}  // namespace dissectd

#endif  // TESTS_E2E_DAEMON_PROCESS_H_
