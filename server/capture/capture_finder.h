// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_FINDER_H_
#define SERVER_CAPTURE_CAPTURE_FINDER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/capture/capture.h"

namespace dissectd::server {

// Finds captures by name. Used on the loop's thread only.
class CaptureFinder {
 public:
  virtual ~CaptureFinder() = default;

  // Errors: CAPTURE_NOT_FOUND.
  virtual absl::StatusOr<std::shared_ptr<Capture>> Find(
      const std::string& name) const = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_FINDER_H_
