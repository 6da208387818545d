// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_KEEPER_RECORD_SOCKET_H_
#define SERVER_CAPTURE_KEEPER_RECORD_SOCKET_H_

#include <sys/types.h>

#include "absl/status/statusor.h"
#include "server/base/unique_fd.h"
#include "server/capture_keeper/keeper_record.h"

// Sockets between capture-keeper and the daemon. No call blocks.
namespace dissectd::server {

enum class SendResult {
  kSent,
  // The other side must read first.
  kFull,
  kGone,
};

// Sends a record, with a descriptor unless that is -1.
SendResult SendRecord(int socket, const KeeperRecord& record,
                      int descriptor = -1);

// Receives a record. A descriptor that comes with it is stored in `descriptor`,
// or closed if that is null. Errors: UNAVAILABLE if there is none yet,
// CANCELLED if the other side has gone, DATA_LOSS if it isn't one.
absl::StatusOr<KeeperRecord> ReceiveRecord(int socket, UniqueFd* descriptor);

// Whether this process's own user, or root, is at the other end.
bool IsOwnUser(int socket);

// Returns the id of the process that has connected, or 0 if nobody knows it.
pid_t ProcessAtOtherEnd(int socket);

// Accepts a connection; returns an invalid descriptor if there is none, or if
// it is another user's.
UniqueFd AcceptOwnUser(int listener);

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_KEEPER_RECORD_SOCKET_H_
