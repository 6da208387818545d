// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_MEMORY_GUARD_H_
#define SERVER_TRANSPORT_MEMORY_GUARD_H_

#include <cstdint>

#include "server/base/io_loop.h"
#include "server/base/log_limit.h"
#include "server/base/timer.h"
#include "server/transport/connection_table.h"

namespace dissectd::server {

// Keeps clients from filling the memory of the daemon with what gRPC doesn't
// count, such as headers that never end. While more memory is in use than the
// limit, it ends the connection that sends most. Used on the loop's thread.
class MemoryGuard {
 public:
  // Nothing is owned; `loop` and `table` outlive this.
  MemoryGuard(IoLoop* loop, ConnectionTable* table, uint64_t limit_bytes);

  // Looks at the memory from now on.
  void Start();

 private:
  // Returns whether more memory is in use than the limit.
  bool IsScarce() const;
  void Look();

  ConnectionTable* const table_;
  const uint64_t limit_bytes_;
  // What IsScarce returned at the last look.
  bool is_scarce_ = false;
  // The looks until free memory is returned to the system; 0 for no return.
  int looks_until_trim_ = 0;
  LogLimit log_limit_;
  Timer timer_;
};

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_MEMORY_GUARD_H_
