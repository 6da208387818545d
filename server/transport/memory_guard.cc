// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/memory_guard.h"

#include <malloc.h>

#include <chrono>
#include <string>
#include <utility>

#include "server/base/own_memory.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// A client that sends as fast as it can fills some ten megabytes in this time.
constexpr std::chrono::milliseconds kInterval(50);

// Until then, gRPC has freed all that an ended connection has used.
constexpr int kLooksUntilTrim = 20;

}  // namespace

MemoryGuard::MemoryGuard(IoLoop* loop, ConnectionTable* table,
                         uint64_t limit_bytes)
    : table_(table), limit_bytes_(limit_bytes), timer_(loop->context()) {}

void MemoryGuard::Start() {
  timer_.Start(kInterval, [this] {
    Look();
    Start();
  });
}

bool MemoryGuard::IsScarce() const {
  return ResidentBytes() > limit_bytes_ && AllocatedBytes() > limit_bytes_;
}

void MemoryGuard::Look() {
  const bool was_scarce = std::exchange(is_scarce_, IsScarce());
  if (!is_scarce_) {
    if (was_scarce) looks_until_trim_ = kLooksUntilTrim;
    // Otherwise, memory that was freed stays with the process.
    if (looks_until_trim_ > 0 && --looks_until_trim_ == 0) malloc_trim(0);
    return;
  }
  // This asks the kernel about each connection, so it isn't done while there is
  // memory. The first look only gives the numbers that the next one compares.
  table_->NoteReceived();
  if (!was_scarce) return;
  const std::string peer = table_->EndBusiest();
  if (peer.empty()) return;
  metrics::Count(metrics::Event::kConnectionFillsMemory);
  if (log_limit_.Allow()) {
    spdlog::warn(
        "more than {} bytes of memory are in use; ended the connection of {}, "
        "which sent most",
        limit_bytes_, peer);
  }
}

}  // namespace dissectd::server
