// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_RESUMPTION_H_
#define CORE_DISSECTION_RESUMPTION_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/encode/frame_sink.h"
#include "core/ipc/protocol.h"

namespace dissectd::engine {

// What the workers that crashed before this one have sent, and the frames at
// which they crashed. Says nothing if this is the first worker of a call.
class Resumption {
 public:
  Resumption() = default;

  // Removes a DissectionStart and its crashes from the front of a request.
  // Errors: INTERNAL.
  static absl::StatusOr<Resumption> Take(absl::string_view* request);

  // Returns one that knows of crashes, but of nothing that was sent.
  static Resumption After(std::vector<ipc::KnownCrash> crashes);

  bool header_sent() const { return start_.header_sent != 0; }
  // Whether the frame has been sent if it is in the view.
  bool WasSent(uint32_t frame) const { return frame <= start_.last_frame; }
  // Whether progress up to here may have been reported.
  bool WasReported(const ipc::PassPosition& position) const;

  // Whether frames that are left out are sent as captures, too.
  bool keep_frames() const { return start_.keep_frames != 0; }

  // The limit of frames that may crash pass workers, including those known.
  uint32_t max_crashes() const { return start_.max_crashes; }
  const std::vector<ipc::KnownCrash>& crashes() const { return crashes_; }
  // Whether the record of this number crashed a worker in the first of two
  // passes.
  bool CrashedInFirstPass(uint32_t record) const;
  // Returns the crash at this frame, in whichever pass; null if there was none.
  const ipc::KnownCrash* CrashAt(uint32_t frame) const;

 private:
  ipc::DissectionStart start_ = {};
  std::vector<ipc::KnownCrash> crashes_;
};

// Returns the report for the client.
CrashReport ReportOf(const ipc::KnownCrash& crash);

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_RESUMPTION_H_
