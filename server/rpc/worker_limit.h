// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_WORKER_LIMIT_H_
#define SERVER_RPC_WORKER_LIMIT_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace dissectd::server {

// Limits the number of worker processes. Thread-safe.
class WorkerLimit {
 public:
  explicit WorkerLimit(uint32_t limit) : limit_(limit) {}

  // A permit for one worker, returned on destruction. The limit outlives it.
  class Permit {
   public:
    Permit() = default;
    explicit Permit(WorkerLimit* limit) : limit_(limit) {}
    Permit(Permit&& other) noexcept
        : limit_(std::exchange(other.limit_, nullptr)) {}
    Permit& operator=(Permit&& other) noexcept {
      std::swap(limit_, other.limit_);
      return *this;
    }
    ~Permit() {
      if (limit_ != nullptr) limit_->used_.fetch_sub(1);
    }
    bool valid() const { return limit_ != nullptr; }

   private:
    WorkerLimit* limit_ = nullptr;
  };

  // Takes a permit. Returns an invalid one if all are taken.
  Permit Take() {
    if (used_.fetch_add(1) < limit_) return Permit(this);
    used_.fetch_sub(1);
    return Permit();
  }

  uint32_t limit() const { return limit_; }

 private:
  const uint32_t limit_;
  std::atomic<uint32_t> used_{0};
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_WORKER_LIMIT_H_
