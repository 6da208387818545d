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

// A temporary folder whose path is short enough for sockets. Deleted with its
// contents on destruction.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  // Writes a file in the folder and creates subfolders as needed.
  void Write(const std::string& name, const std::string& bytes) const;

 private:
  std::string path_;
};

// Runs the real dissectd on a temporary store.
class DaemonProcess {
 public:
  // `arguments` follow those for the address and the store. `launcher` is the
  // beginning of a command line that executes the rest, such as `prlimit`.
  explicit DaemonProcess(const std::vector<std::string>& arguments = {},
                         const std::vector<std::string>& launcher = {});
  // Calls Stop unless the daemon has ended.
  ~DaemonProcess();
  DaemonProcess(const DaemonProcess&) = delete;
  DaemonProcess& operator=(const DaemonProcess&) = delete;

  const TemporaryFolder& store() const { return store_; }
  const std::string& address() const { return address_; }
  pid_t pid() const { return pid_; }

  // Returns a channel that shares no connection with others.
  std::shared_ptr<grpc::Channel> Connect() const;

  pid_t EnginePid() const;
  // Returns the ids of the current worker processes.
  std::vector<pid_t> WorkerPids() const;
  void WaitForNoWorkers() const;
  // Returns the number of descriptors that the daemon has open.
  size_t OpenFileDescriptors() const;

  // Sends SIGTERM.
  void RequestStop() const;
  // Waits for the daemon to end and returns its wait status.
  int Wait();
  // Sends SIGTERM and waits for the daemon to end.
  int Stop();
  // Stops the daemon and starts it again with the same store and address.
  void Restart();
  // Starts the daemon again after Wait, with the same store and address.
  void Start();

 private:
  const TemporaryFolder folder_;
  const TemporaryFolder store_;
  const std::vector<std::string> arguments_;
  const std::vector<std::string> launcher_;
  const std::string address_;
  pid_t pid_ = 0;
};

// Waits until `condition` is true, and fails the test after half a minute.
void WaitFor(const char* what, const std::function<bool()>& condition);

}  // namespace dissectd

#endif  // TESTS_E2E_DAEMON_PROCESS_H_
