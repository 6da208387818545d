// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_KEEPER_FILES_H_
#define SERVER_CAPTURE_KEEPER_FILES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/unique_fd.h"
#include "server/capture_keeper/keeper_record.h"

// What a capture-keeper has in the folder of its capture. `root` is the folder
// of the store. Calls block on the file system.
namespace dissectd::server {

// The files of a new keeper.
struct KeeperFiles {
  // The socket where daemons connect, and the connection of this one.
  UniqueFd listener;
  UniqueFd connection;
  // The file for the end of a capture that no daemon sees.
  UniqueFd result;
};

// Errors: those of CaptureFolderError.
absl::StatusOr<KeeperFiles> MakeKeeperFiles(int root, const std::string& id);

// A capture that has gone on without a daemon.
struct KeptCapture {
  // The connection to the keeper, and dumpcap's process (pidfd). Invalid if
  // both have ended.
  UniqueFd connection;
  UniqueFd process;
  // The keeper's first record.
  KeeperRecord hello;
  // All others if the keeper has ended; the last one is that of the end.
  std::vector<KeeperRecord> rest;
};

// Connects to the keeper of a capture, and waits a few seconds for its first
// record; or reads what it has left. Absent if there is neither, or if they are
// another user's.
std::optional<KeptCapture> FindKeptCapture(int root, const std::string& id);

// Removes what a keeper has left.
void RemoveKeeperFiles(int root, const std::string& id);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_KEEPER_FILES_H_
