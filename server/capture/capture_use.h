// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_USE_H_
#define SERVER_CAPTURE_CAPTURE_USE_H_

#include <memory>
#include <utility>

#include "server/capture/capture.h"

namespace dissectd::server {

// The use of a capture by a call, which keeps the capture from being idle. Used
// on the loop's thread only, except that one of nothing may be destroyed on any
// thread.
class CaptureUse {
 public:
  CaptureUse() = default;
  explicit CaptureUse(std::shared_ptr<Capture> capture)
      : capture_(std::move(capture)) {
    capture_->BeginUse();
  }
  ~CaptureUse() { End(); }
  CaptureUse(CaptureUse&& other) noexcept = default;
  CaptureUse& operator=(CaptureUse&& other) noexcept {
    if (this != &other) {
      End();
      capture_ = std::move(other.capture_);
    }
    return *this;
  }

  // Returns another use of the same capture, or of nothing.
  CaptureUse Again() const {
    return capture_ == nullptr ? CaptureUse() : CaptureUse(capture_);
  }

  void End() {
    if (capture_ != nullptr) std::exchange(capture_, nullptr)->EndUse();
  }

 private:
  std::shared_ptr<Capture> capture_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_USE_H_
