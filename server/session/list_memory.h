// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_LIST_MEMORY_H_
#define SERVER_SESSION_LIST_MEMORY_H_

#include <cstddef>
#include <list>

namespace dissectd::server {

// What takes memory that can be given up.
class MemoryUser {
 public:
  virtual ~MemoryUser() = default;
  virtual size_t bytes() const = 0;
  // Gives all of the memory up.
  virtual void Drop() = 0;
};

// Limits the memory of the packet lists of all sessions, as the daemon itself
// has it. Used on the loop's thread only.
class ListMemory {
 public:
  explicit ListMemory(size_t limit) : limit_(limit) {}
  ListMemory(const ListMemory&) = delete;
  ListMemory& operator=(const ListMemory&) = delete;

  // Users are known from the first use on, until they are removed.
  void NoteUse(MemoryUser* user) {
    users_.remove(user);
    users_.push_back(user);
  }
  void Remove(MemoryUser* user) { users_.remove(user); }

  // Drops what wasn't used for the longest time while all take too much, except
  // for this user, which may be null.
  void MakeRoom(const MemoryUser* kept) {
    size_t bytes = 0;
    for (const MemoryUser* user : users_) bytes += user->bytes();
    for (MemoryUser* user : users_) {
      if (bytes <= limit_) return;
      if (user == kept) continue;
      bytes -= user->bytes();
      user->Drop();
    }
  }

 private:
  const size_t limit_;
  // The last one was used last.
  std::list<MemoryUser*> users_;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_LIST_MEMORY_H_
