// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_CONNECTION_TABLE_H_
#define SERVER_TRANSPORT_CONNECTION_TABLE_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/rpc/authenticator.h"
#include "server/transport/peer.h"

namespace dissectd::server {

// The open connections. gRPC owns their descriptors, and closes one only when
// no call of its connection exists any more. So what a call is told about its
// peer can't be about a later connection with the same descriptor. Thread-safe.
class ConnectionTable final : public PeerUsers {
 public:
  using Clock = std::chrono::steady_clock;

  struct Limits {
    uint32_t all = 0;
    uint32_t per_peer = 0;
    // Concurrent calls of one connection.
    uint32_t calls = 0;
  };

  explicit ConnectionTable(Limits limits) : limits_(limits) {}

  // Adds an open connection. If there are too many, or too many of this peer,
  // ends the one that has had no calls for the longest time. Returns false if
  // all are in use.
  bool Add(int fd, const Peer& peer);

  // Removes a connection before its descriptor is closed.
  void Remove(int fd);

  // Returns the number of connections that are open.
  size_t CountOpen();

  // PeerUsers:
  std::optional<uint32_t> UserOf(absl::string_view peer) const override;

  // Counts a call. Called while it exists. Returns false if the connection was
  // ended, as it has too many.
  bool BeginCall(absl::string_view peer);
  void EndCall(absl::string_view peer);

  // Counts a call whose end isn't known. Returns false if the connection was
  // ended, as it began more than `limit` of them within a second.
  bool CountCall(absl::string_view peer, uint32_t limit, Clock::time_point now);

  // Notes how much each connection has sent since this was called before.
  void NoteReceived();
  // Ends the connection that has sent most between the last two calls of
  // NoteReceived. Returns the name of its peer; empty if none has sent
  // anything.
  std::string EndBusiest();

 private:
  // Identifies a socket for as long as the machine runs.
  struct SocketId {
    dev_t device = 0;
    ino_t inode = 0;

    bool operator==(const SocketId& other) const {
      return device == other.device && inode == other.inode;
    }
  };

  struct Connection {
    Peer peer;
    SocketId id;
    uint32_t calls = 0;
    // The second that began last with a call of CountCall, and their number.
    std::optional<Clock::time_point> second;
    uint32_t calls_in_second = 0;
    // When it was added, or had its last call.
    Clock::time_point used;
    // The bytes that it has sent until the last look, and between the last two.
    uint64_t received = 0;
    uint64_t lately_received = 0;
  };

  // Returns nothing if the descriptor isn't open.
  static std::optional<SocketId> IdOf(int fd);
  static bool IsOpen(int fd, const Connection& connection);

  // Ends a connection, unless it was.
  void End(absl::string_view peer, const Connection& connection)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Returns null if there is none.
  Connection* Find(absl::string_view peer)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool PeerHasRoom(const Peer& peer) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasRoomFor(const Peer& peer) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndUnused(const Peer& peer, Clock::time_point now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(int fd) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes room for a connection of this peer, if it can.
  void MakeRoomFor(const Peer& peer, Clock::time_point now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ForgetClosed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Limits limits_;
  mutable absl::Mutex mutex_;
  // By descriptor. Has closed connections, too, until their place is needed.
  absl::flat_hash_map<int, Connection> connections_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, int> descriptors_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, uint32_t> counts_ ABSL_GUARDED_BY(mutex_);
  Clock::time_point last_look_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_CONNECTION_TABLE_H_
