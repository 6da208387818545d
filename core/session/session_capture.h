// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_SESSION_CAPTURE_H_
#define CORE_SESSION_SESSION_CAPTURE_H_

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "core/dissection/opened_capture.h"
#include "core/epan/capture_file.h"
#include "core/epan/display_filter.h"
#include "core/epan/epan.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// The capture of a session in one of its processes: open, after the first pass,
// or after a part of the second.
class SessionCapture {
 public:
  // `settings` have been applied. `epan` is not owned and outlives this.
  SessionCapture(DissectRequest settings, DisplayFilterPtr read_filter,
                 CaptureFile file, Epan* epan)
      : settings_(std::move(settings)),
        opened_(settings_.options, std::move(read_filter), std::move(file),
                epan) {}
  SessionCapture(const SessionCapture&) = delete;
  SessionCapture& operator=(const SessionCapture&) = delete;

  // The options of the session.
  const DissectRequest& settings() const { return settings_; }
  OpenedCapture* opened() { return &opened_; }

 private:
  const DissectRequest settings_;
  OpenedCapture opened_;
};

}  // namespace dissectd::engine

#endif  // CORE_SESSION_SESSION_CAPTURE_H_
