// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_STREAM_RECORDING_H_
#define CORE_ANALYSIS_STREAM_RECORDING_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/analysis/follower.h"
#include "core/analysis/library_tap.h"

namespace dissectd::engine {

// The bytes of a stream, which a follower gathers while frames are dissected.
class StreamRecording {
 public:
  // Registers the listener. `follower` outlives this. Errors: those of
  // LibraryTap::Register.
  static absl::StatusOr<std::unique_ptr<StreamRecording>> Begin(
      const Follower& follower, const SelectedStream& stream);

  const Follower& follower() const { return follower_; }
  // The endpoints; their addresses have no type if they are unknown.
  const follow_info_t& info() const { return *info_; }
  // What was recorded so far, in the order in which it was exchanged.
  std::vector<const follow_record_t*> Records() const;

 private:
  struct InfoDeleter {
    void operator()(follow_info_t* info) const { follow_info_free(info); }
  };

  StreamRecording(const Follower& follower, const SelectedStream& stream);

  const Follower& follower_;
  const std::unique_ptr<follow_info_t, InfoDeleter> info_;
  // Uses `info_`.
  std::unique_ptr<LibraryTap> tap_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_STREAM_RECORDING_H_
