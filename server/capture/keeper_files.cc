// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/keeper_files.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/capture/capture_folder.h"
#include "server/capture_keeper/record_socket.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

using std::chrono::nanoseconds;

constexpr char kSocketName[] = ".keeper";
constexpr char kResultName[] = ".keeper.result";
constexpr mode_t kPrivate = 0600;
// The keeper answers at once, unless the machine is busy.
constexpr std::chrono::milliseconds kHelloTimeout(5000);
// How long to wait after it has closed the connection.
constexpr std::chrono::milliseconds kRefusedInterval(20);
// Many times more than the messages of a capture.
constexpr size_t kMaxResultBytes = size_t{256} << 20;

// The path of the store may be longer than that of a socket can be.
sockaddr_un AddressIn(int folder) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string path =
      absl::StrCat("/proc/self/fd/", folder, "/", kSocketName);
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  return address;
}

UniqueFd MakeSocket() {
  return UniqueFd(
      socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

bool Listen(int socket, int folder) {
  const sockaddr_un address = AddressIn(folder);
  // The file gets the mode of the descriptor.
  return fchmod(socket, kPrivate) == 0 &&
         bind(socket, reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) == 0 &&
         listen(socket, SOMAXCONN) == 0;
}

UniqueFd Connect(int folder) {
  UniqueFd connection = MakeSocket();
  const sockaddr_un address = AddressIn(folder);
  if (connection.valid() &&
      connect(connection.get(), reinterpret_cast<const sockaddr*>(&address),
              sizeof(address)) == 0) {
    return connection;
  }
  return UniqueFd();
}

bool AwaitRecord(int connection) {
  pollfd event = {connection, POLLIN, 0};
  return poll(&event, 1, static_cast<int>(kHelloTimeout.count())) == 1;
}

// Whether this can be the keeper, and has said something or closed the
// connection.
bool Answers(int connection, const std::string& id) {
  if (!IsOwnUser(connection)) {
    spdlog::warn("the capture-keeper of captures/{} is another user's", id);
    return false;
  }
  if (!AwaitRecord(connection)) {
    spdlog::warn("the capture-keeper of captures/{} doesn't answer", id);
    return false;
  }
  return true;
}

std::optional<KeptCapture> FindKeeper(int folder, const std::string& id) {
  const auto end = std::chrono::steady_clock::now() + kHelloTimeout;
  do {
    KeptCapture kept;
    kept.connection = Connect(folder);
    if (!kept.connection.valid() || !Answers(kept.connection.get(), id)) {
      return std::nullopt;
    }
    absl::StatusOr<KeeperRecord> hello =
        ReceiveRecord(kept.connection.get(), &kept.process);
    if (hello.ok()) {
      if (hello->kind != KeeperRecord::Kind::kHello || !kept.process.valid()) {
        return std::nullopt;
      }
      kept.hello = *std::move(hello);
      return kept;
    }
    // The keeper ends, or doesn't know yet that the daemon before has ended.
    std::this_thread::sleep_for(kRefusedInterval);
  } while (std::chrono::steady_clock::now() < end);
  spdlog::warn(
      "the capture-keeper of captures/{} refuses this daemon, as it has "
      "another one",
      id);
  return std::nullopt;
}

// Adds the time since the end, by the time of day, to that of the keeper.
void AddTimeSince(const KeeperRecord& end, KeeperRecord* hello) {
  const nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
  const auto ended = nanoseconds(end.numbers[KeeperRecord::kEndTime]);
  hello->numbers[KeeperRecord::kUnattended] +=
      static_cast<uint64_t>(std::max(nanoseconds(0), now - ended).count());
}

// Returns the records of a keeper that has ended. Errors: those of OpenOwnFile,
// NOT_FOUND if it hasn't written them, and DATA_LOSS, with a message like
// theirs.
absl::StatusOr<std::vector<KeeperRecord>> RecordsIn(int folder) {
  ASSIGN_OR_RETURN(const OwnFile file, OpenOwnFile(folder, kResultName));
  if (file.user != geteuid()) return absl::DataLossError("is another user's");
  if (file.size == 0) return absl::NotFoundError("is empty");
  if (file.size > kMaxResultBytes) return absl::DataLossError("is too large");
  std::optional<std::vector<KeeperRecord>> records =
      DecodeRecords(ReadOwnFile(file.fd, file.size));
  if (!records.has_value() || records->size() < 2 ||
      records->front().kind != KeeperRecord::Kind::kHello ||
      records->back().kind != KeeperRecord::Kind::kEnd) {
    return absl::DataLossError("is damaged");
  }
  return *std::move(records);
}

std::optional<KeptCapture> ReadResult(int folder, const std::string& id) {
  absl::StatusOr<std::vector<KeeperRecord>> records = RecordsIn(folder);
  if (!records.ok()) {
    if (!absl::IsNotFound(records.status())) {
      WarnOfOwnFile(id, kResultName, records.status().message(),
                    "how the capture has ended isn't known");
    }
    return std::nullopt;
  }
  KeptCapture kept;
  kept.hello = std::move(records->front());
  AddTimeSince(records->back(), &kept.hello);
  records->erase(records->begin());
  kept.rest = *std::move(records);
  return kept;
}

}  // namespace

absl::StatusOr<KeeperFiles> MakeKeeperFiles(int root, const std::string& id) {
  ASSIGN_OR_RETURN(const UniqueFd folder, OpenCaptureFolder(root, id));
  KeeperFiles files;
  files.listener = MakeSocket();
  if (!files.listener.valid() || !Listen(files.listener.get(), folder.get())) {
    return CaptureFolderError("socket can't be made", errno);
  }
  files.connection = Connect(folder.get());
  if (!files.connection.valid()) {
    return CaptureFolderError("socket can't be used", errno);
  }
  files.result =
      UniqueFd(openat(folder.get(), kResultName,
                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kPrivate));
  if (!files.result.valid()) {
    return CaptureFolderError("file for its end can't be made", errno);
  }
  return files;
}

std::optional<KeptCapture> FindKeptCapture(int root, const std::string& id) {
  const absl::StatusOr<UniqueFd> folder = OpenCaptureFolder(root, id);
  if (!folder.ok()) return std::nullopt;
  std::optional<KeptCapture> kept = FindKeeper(folder->get(), id);
  return kept.has_value() ? std::move(kept) : ReadResult(folder->get(), id);
}

void RemoveKeeperFiles(int root, const std::string& id) {
  const absl::StatusOr<UniqueFd> folder = OpenCaptureFolder(root, id);
  if (!folder.ok()) return;
  for (const char* name : {kSocketName, kResultName}) {
    unlinkat(folder->get(), name, 0);
  }
}

}  // namespace dissectd::server
