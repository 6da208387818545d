// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/connection_table.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <vector>

namespace dissectd::server {
namespace {

// Looking for closed connections asks the kernel about each. A flood of
// connections that are refused must not cause more of that.
constexpr std::chrono::milliseconds kLookInterval(10);

// A client that has connected has this time to begin a call.
constexpr std::chrono::seconds kMinUnusedTime(10);

// Returns the bytes that a TCP connection has sent since it exists; nothing for
// other sockets.
std::optional<uint64_t> ReceivedByTcp(int fd) {
  tcp_info info = {};
  socklen_t size = sizeof(info);
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
    return std::nullopt;
  }
  return info.tcpi_bytes_received;
}

// Returns the bytes that nobody has read yet.
uint64_t WaitingIn(int fd) {
  int waiting = 0;
  return ioctl(fd, FIONREAD, &waiting) == 0 ? static_cast<uint64_t>(waiting)
                                            : 0;
}

// Ends a connection, and throws away what the client sent and gRPC hasn't read:
// gRPC would read it to its end, and megabytes of headers become gigabytes.
void EndSocket(int fd) {
  shutdown(fd, SHUT_RDWR);
  std::array<char, size_t{64} << 10> unread;
  while (recv(fd, unread.data(), unread.size(), MSG_DONTWAIT) > 0) {
  }
}

}  // namespace

std::optional<ConnectionTable::SocketId> ConnectionTable::IdOf(int fd) {
  struct stat file = {};
  if (fstat(fd, &file) != 0) return std::nullopt;
  return SocketId{file.st_dev, file.st_ino};
}

bool ConnectionTable::IsOpen(int fd, const Connection& connection) {
  return IdOf(fd) == connection.id;
}

bool ConnectionTable::PeerHasRoom(const Peer& peer) const {
  const auto count = counts_.find(peer.share);
  return count == counts_.end() || count->second < limits_.per_peer;
}

bool ConnectionTable::HasRoomFor(const Peer& peer) const {
  return connections_.size() < limits_.all && PeerHasRoom(peer);
}

void ConnectionTable::Forget(int fd) {
  const auto found = connections_.find(fd);
  if (found == connections_.end()) return;
  const Peer& peer = found->second.peer;
  const auto count = counts_.find(peer.share);
  if (--count->second == 0) counts_.erase(count);
  const auto descriptor = descriptors_.find(peer.name);
  // A client can use its port again before its old connection was forgotten.
  if (descriptor != descriptors_.end() && descriptor->second == fd) {
    descriptors_.erase(descriptor);
  }
  connections_.erase(found);
}

void ConnectionTable::ForgetClosed() {
  std::vector<int> closed;
  for (const auto& [fd, connection] : connections_) {
    if (!IsOpen(fd, connection)) closed.push_back(fd);
  }
  for (const int fd : closed) Forget(fd);
}

void ConnectionTable::EndUnused(const Peer& peer, Clock::time_point now) {
  const bool of_any_peer = PeerHasRoom(peer);
  int unused = -1;
  Clock::time_point used = now - kMinUnusedTime;
  for (const auto& [fd, connection] : connections_) {
    if (connection.calls > 0 || connection.used >= used) continue;
    if (!of_any_peer && connection.peer.share != peer.share) continue;
    unused = fd;
    used = connection.used;
  }
  if (unused < 0) return;
  EndSocket(unused);
  Forget(unused);
}

void ConnectionTable::MakeRoomFor(const Peer& peer, Clock::time_point now) {
  if (HasRoomFor(peer) || now - last_look_ < kLookInterval) return;
  last_look_ = now;
  ForgetClosed();
  if (!HasRoomFor(peer)) EndUnused(peer, now);
}

bool ConnectionTable::Add(int fd, const Peer& peer) {
  const std::optional<SocketId> id = IdOf(fd);
  if (!id.has_value()) return false;
  const absl::MutexLock lock(&mutex_);
  // The kernel has reused the number, so the old connection is closed.
  Forget(fd);
  const Clock::time_point now = Clock::now();
  MakeRoomFor(peer, now);
  if (!HasRoomFor(peer)) return false;
  connections_[fd] = {peer, *id, 0, std::nullopt, 0, now};
  descriptors_[peer.name] = fd;
  ++counts_[peer.share];
  return true;
}

void ConnectionTable::Remove(int fd) {
  const absl::MutexLock lock(&mutex_);
  Forget(fd);
}

size_t ConnectionTable::CountOpen() {
  const absl::MutexLock lock(&mutex_);
  ForgetClosed();
  return connections_.size();
}

std::optional<uint32_t> ConnectionTable::UserOf(absl::string_view peer) const {
  const absl::MutexLock lock(&mutex_);
  const auto descriptor = descriptors_.find(peer);
  if (descriptor == descriptors_.end()) return std::nullopt;
  const Connection& connection = connections_.at(descriptor->second);
  if (!IsOpen(descriptor->second, connection)) return std::nullopt;
  return connection.peer.user;
}

ConnectionTable::Connection* ConnectionTable::Find(absl::string_view peer) {
  const auto descriptor = descriptors_.find(peer);
  return descriptor == descriptors_.end()
             ? nullptr
             : &connections_.at(descriptor->second);
}

bool ConnectionTable::BeginCall(absl::string_view peer) {
  const absl::MutexLock lock(&mutex_);
  Connection* connection = Find(peer);
  // Calls that are on their way are cancelled with the connection, so that it
  // is ended once.
  if (connection == nullptr || ++connection->calls != limits_.calls + 1) {
    return true;
  }
  End(peer, *connection);
  return false;
}

bool ConnectionTable::CountCall(absl::string_view peer, uint32_t limit,
                                Clock::time_point now) {
  const absl::MutexLock lock(&mutex_);
  Connection* connection = Find(peer);
  if (connection == nullptr) return true;
  connection->used = now;
  if (!connection->second.has_value() ||
      now - *connection->second >= std::chrono::seconds(1)) {
    connection->second = now;
    connection->calls_in_second = 0;
  }
  if (++connection->calls_in_second <= limit) return true;
  End(peer, *connection);
  return false;
}

void ConnectionTable::NoteReceived() {
  const absl::MutexLock lock(&mutex_);
  for (auto& [fd, connection] : connections_) {
    const std::optional<uint64_t> received = ReceivedByTcp(fd);
    // The kernel doesn't count for Unix sockets: what waits to be read stands
    // for what was sent.
    connection.lately_received =
        received.has_value()
            ? *received - std::min(*received, connection.received)
            : WaitingIn(fd);
    connection.received = received.value_or(0);
  }
}

std::string ConnectionTable::EndBusiest() {
  const absl::MutexLock lock(&mutex_);
  const Connection* busiest = nullptr;
  for (const auto& [fd, connection] : connections_) {
    if (connection.lately_received == 0 || !IsOpen(fd, connection)) continue;
    if (busiest == nullptr ||
        connection.lately_received > busiest->lately_received) {
      busiest = &connection;
    }
  }
  if (busiest == nullptr) return std::string();
  const std::string peer = busiest->peer.name;
  End(peer, *busiest);
  return peer;
}

void ConnectionTable::End(absl::string_view peer,
                          const Connection& connection) {
  const int fd = descriptors_.find(peer)->second;
  if (IsOpen(fd, connection)) EndSocket(fd);
}

void ConnectionTable::EndCall(absl::string_view peer) {
  const absl::MutexLock lock(&mutex_);
  Connection* connection = Find(peer);
  if (connection == nullptr || connection->calls == 0) return;
  --connection->calls;
  connection->used = Clock::now();
}

}  // namespace dissectd::server
