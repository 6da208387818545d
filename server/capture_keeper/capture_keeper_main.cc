// SPDX-License-Identifier: GPL-2.0-or-later

// capture-keeper SECONDS DUMPCAP ARGUMENT...: supervises a dumpcap for a
// daemon, and goes on if the daemon ends, until the next one has come or
// SECONDS have passed. It is the parent of dumpcap, holds its sync pipe, and
// has no other rights. Descriptor 3 is the socket where daemons connect, and 4
// the file for the end of a capture that no daemon sees.

#include <fcntl.h>
#include <sys/signalfd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "core/sandbox/process_rights.h"
#include "core/sandbox/syscall_filter.h"
#include "server/base/unique_fd.h"
#include "server/capture_keeper/dumpcap_child.h"
#include "server/capture_keeper/keeper.h"
#include "server/capture_keeper/keeper_descriptors.h"
#include "server/capture_keeper/keeper_record.h"
#include "server/capture_keeper/record_socket.h"

namespace dissectd::server {
namespace {

// Makes the signals that ask to end, and those of a terminal, readable.
UniqueFd TakeSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return UniqueFd(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

// Gives up everything that isn't needed once dumpcap runs.
absl::Status Confine() {
  KeepMemoryPrivate();
  const absl::Status given_up = GiveUpRights();
  if (!given_up.ok() || kHasSanitizer) return given_up;
  SyscallRights rights;
  rights.supervise = true;
  const absl::StatusOr<SyscallFilter> filter = SyscallFilter::Compile(rights);
  if (!filter.ok()) return filter.status();
  const absl::Status loaded = filter->Load();
  // Without seccomp, the process still has no capabilities.
  return absl::IsUnimplemented(loaded) ? absl::OkStatus() : loaded;
}

// Tells the daemon, which waits, why there is no dumpcap.
int ReportNotStarted(int listener, int error) {
  const UniqueFd daemon = AcceptOwnUser(listener);
  // What isn't read would become an error of the connection.
  while (daemon.valid() && ReceiveRecord(daemon.get(), nullptr).ok()) {
  }
  KeeperRecord record = {KeeperRecord::Kind::kNotStarted, {}, {}};
  record.numbers[KeeperRecord::kErrno] = static_cast<uint64_t>(error);
  if (daemon.valid()) SendRecord(daemon.get(), record);
  return EXIT_FAILURE;
}

int Main(int argc, char** argv) {
  int patience = 0;
  if (argc < 3 || !absl::SimpleAtoi(argv[1], &patience)) return EXIT_FAILURE;
  Keeper::Options options;
  options.listener = UniqueFd(kKeeperListener);
  options.result = UniqueFd(kKeeperResult);
  // dumpcap gets neither of them.
  for (const int fd : {kKeeperListener, kKeeperResult}) {
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) return EXIT_FAILURE;
  }
  if (fcntl(kKeeperListener, F_SETFL, O_NONBLOCK) != 0) return EXIT_FAILURE;
  options.signals = TakeSignals();
  options.patience = std::chrono::seconds(patience);
  DumpcapChild dumpcap = StartDumpcap(argv + 2);
  if (dumpcap.pid == 0) {
    return ReportNotStarted(options.listener.get(), dumpcap.error);
  }
  // dumpcap ends with this process.
  if (!Confine().ok()) return EXIT_FAILURE;
  Keeper(std::move(options), std::move(dumpcap)).Run();
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace dissectd::server

int main(int argc, char** argv) { return dissectd::server::Main(argc, argv); }
