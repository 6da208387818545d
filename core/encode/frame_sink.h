// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_FRAME_SINK_H_
#define CORE_ENCODE_FRAME_SINK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/encode/field_set.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// What a sink needs of each frame that it is given.
struct FrameNeeds {
  // A protocol tree, which may have no more nodes than the filter, the columns
  // and `fields` ask for.
  bool tree = false;
  // A complete tree with the labels that dissectors set. Implies `tree`.
  bool visible_tree = false;
  // The columns, with their texts.
  bool columns = false;
  // Fields that must be in the tree, however small it is. Not owned; lives as
  // long as the sink. Null for none.
  const FieldSet* fields = nullptr;
};

// How far a dissection has come: dissectd.v1.Progress.
struct ProgressReport {
  uint32_t frames_read = 0;
  uint32_t frames_sent = 0;
  uint64_t bytes_read = 0;
  uint64_t bytes_total = 0;
  uint32_t pass = 1;
};

// A frame that was left out because dissecting it ended the process:
// dissectd.v1.Crash.
struct CrashReport {
  uint32_t frame_number = 0;
  std::string protocol;
  // Either the signal or the exit status that ended the process; the other one
  // is 0.
  int signal = 0;
  int exit_status = 0;
};

// Why a dissection ended: dissectd.v1.EndReason.
enum class EndReason : uint32_t {
  kEndOfFile = 1,
  kLimit = 2,
  kReadError = 3,
};

class PartedSink;

// Takes the frames of a dissection that are in a view, in their order.
//
// The order of calls is: SendHeader once; then AddFrame, Flush, SendLost,
// SendCrash and SendProgress; SendEnd once. An error from any of them means
// that nobody listens any more: the dissection ends with it.
class FrameSink {
 public:
  virtual ~FrameSink() = default;

  // Must not change while frames are being dissected.
  virtual FrameNeeds needs() const = 0;

  // Describes the capture before the first frame. `columns` is null unless the
  // view has columns.
  virtual absl::Status SendHeader(const CaptureFile& /*file*/,
                                  const ColumnSet* /*columns*/) {
    return absl::OkStatus();
  }

  // Takes the frame that `edt` has dissected. The arguments are only valid
  // during the call. `columns` is null unless the view has columns, and filled
  // in.
  virtual absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                                ColumnSet* columns) = 0;

  // Sends what the sink has kept back of the frames so far.
  virtual absl::Status Flush() { return absl::OkStatus(); }

  // Reports the frames from `first` to `last` as deleted before they were read.
  virtual absl::Status SendLost(uint32_t /*first*/, uint32_t /*last*/) {
    return absl::OkStatus();
  }

  virtual absl::Status SendCrash(const CrashReport& /*crash*/) {
    return absl::OkStatus();
  }

  virtual absl::Status SendProgress(const ProgressReport& /*progress*/) {
    return absl::OkStatus();
  }

  // Ends the stream, after flushing. `error` is null unless the reason is
  // kReadError; `file_name` is for its message.
  virtual absl::Status SendEnd(EndReason reason, const ProgressReport& totals,
                               const WtapError* error,
                               absl::string_view file_name) = 0;

  // This sink, if processes can share its work; otherwise null, and one process
  // dissects all frames.
  virtual PartedSink* AsParted() { return nullptr; }
};

// A sink whose work forked processes can share: each makes parts of the stream
// from frames that follow each other, and the parts are then sent in order,
// each by the process that made it.
class PartedSink : public FrameSink {
 public:
  // What a sink made from some frames.
  class Part {
   public:
    virtual ~Part() = default;
  };

  // The size of the memory that HoldParts takes.
  virtual size_t SharedBytes() const = 0;

  // Keeps what AddFrame and SendCrash make from now on until TakePart, and
  // makes the same parts from the same frames in every process. To be called
  // before the forks, with zeroed memory of SharedBytes that all of the
  // processes share, not owned. Only the process that sends a part uses it.
  virtual void HoldParts(absl::Span<uint8_t> shared_memory) = 0;

  // Returns what was made since the last call.
  virtual std::unique_ptr<Part> TakePart() = 0;

  // Sends a part that TakePart returned in this process.
  virtual absl::Status SendPart(const Part& part) = 0;

  PartedSink* AsParted() final { return this; }
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_FRAME_SINK_H_
