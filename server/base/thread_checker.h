// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_THREAD_CHECKER_H_
#define SERVER_BASE_THREAD_CHECKER_H_

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace dissectd::server {

// Ends the process, because code ran on a thread that doesn't own the object.
[[noreturn]] inline void DieOnWrongThread() {
  std::fputs("called on the wrong thread\n", stderr);
  std::abort();
}

// Binds an object to one thread, the first that calls AssertOnThread, so the
// object may be constructed and destroyed on another one. Has no cost if NDEBUG
// is set.
//
//   void QueryPool::ReadMore() {
//     thread_.AssertOnThread();
class ThreadChecker {
 public:
  // Ends the process in debug builds if another thread has called this earlier.
  void AssertOnThread() const {
#ifndef NDEBUG
    std::thread::id owner;
    const std::thread::id current = std::this_thread::get_id();
    if (!owner_.compare_exchange_strong(owner, current) && owner != current) {
      DieOnWrongThread();
    }
#endif
  }

 private:
#ifndef NDEBUG
  mutable std::atomic<std::thread::id> owner_{std::thread::id()};
#endif
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_THREAD_CHECKER_H_
