// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_TESTING_SETTLE_H_
#define SERVER_BASE_TESTING_SETTLE_H_

#include <future>

#include "server/base/io_loop.h"

namespace dissectd::server {

// Waits until all tasks posted so far have run, whichever thread posted them.
// Not on the loop's thread.
inline void Settle(IoLoop* loop) {
  // Twice, as tasks that a task posts are queued when it ends.
  for (int i = 0; i < 2; ++i) {
    std::promise<void> ran;
    loop->Post([&ran] { ran.set_value(); });
    ran.get_future().wait();
  }
}

}  // namespace dissectd::server

#endif  // SERVER_BASE_TESTING_SETTLE_H_
