// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_LIMIT_H_
#define SERVER_SESSION_LIMIT_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace dissectd {

// Bounds the number of session processes. Thread-safe.
class SessionLimit {
 public:
  explicit SessionLimit(uint32_t limit) : limit_(limit) {}

  // One session's place; given back on destruction. The limit outlives it.
  class Place {
   public:
    Place() = default;
    explicit Place(SessionLimit* limit) : limit_(limit) {}
    Place(Place&& other) noexcept
        : limit_(std::exchange(other.limit_, nullptr)) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(limit_, other.limit_);
      return *this;
    }
    ~Place() {
      if (limit_ != nullptr) limit_->used_.fetch_sub(1);
    }
    bool valid() const { return limit_ != nullptr; }

   private:
    SessionLimit* limit_ = nullptr;
  };

  // Returns an invalid place if all are taken.
  Place Take() {
    if (used_.fetch_add(1) < limit_) return Place(this);
    used_.fetch_sub(1);
    return Place();
  }

  uint32_t limit() const { return limit_; }

 private:
  const uint32_t limit_;
  std::atomic<uint32_t> used_{0};
};

}  // namespace dissectd

#endif  // SERVER_SESSION_LIMIT_H_
