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
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {

// The parts of each frame that a sink needs.
struct FrameNeeds {
  // A protocol tree, which may be limited to the nodes that the filter, the
  // columns and `fields` need.
  bool tree = false;
  // A complete tree with the labels that dissectors set. Implies `tree`.
  bool visible_tree = false;
  // The columns, with their texts.
  bool columns = false;
  // The colouring rule, in `color_filter` of the frame. Needs a tree as well.
  bool colors = false;
  // Fields that must be in the tree, however small it is. Not owned; lives as
  // long as the sink. Null for none.
  const FieldSet* fields = nullptr;
};

// The progress of a dissection: dissectd.v1.Progress.
struct ProgressReport {
  uint32_t frames_read = 0;
  uint32_t frames_sent = 0;
  // Only at the end.
  uint32_t frames_crashed = 0;
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
  // The frame as a capture file, if it is to be kept. Not for the client.
  std::string capture;
};

using schema::EndReason;

class PartedSink;

// Receives the frames of a view in their order.
//
// The order of calls is: SendHeader once; then AddFrame, Flush, SendLost,
// SendCrash and SendProgress; SendEnd once. An error of any method means that
// nobody listens any more, and ends the dissection.
class FrameSink {
 public:
  virtual ~FrameSink() = default;

  // Returns the sink's needs, which must not change while frames are dissected.
  virtual FrameNeeds needs() const = 0;

  // Tells libwireshark what else the sink needs of the next frame. Not called
  // for frames that are only replayed.
  virtual void Prime(epan_dissect_t* /*edt*/) const {}

  // Describes the capture before the first frame. `columns` is null unless the
  // view has columns.
  virtual absl::Status SendHeader(const CaptureFile& /*file*/,
                                  const ColumnSet* /*columns*/) {
    return absl::OkStatus();
  }

  // Receives the frame that `edt` has dissected. The arguments are valid only
  // during the call. `columns`, which are filled in, are null unless the view
  // has columns.
  virtual absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                                ColumnSet* columns) = 0;

  // Sends the frames that the sink has kept back.
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
  virtual absl::Status SendEnd(EndReason /*reason*/,
                               const ProgressReport& /*totals*/,
                               const WtapError* /*error*/,
                               absl::string_view /*file_name*/) {
    return absl::OkStatus();
  }

  // Returns this sink if processes can share its work. Otherwise returns null,
  // and one process dissects all frames.
  virtual PartedSink* AsParted() { return nullptr; }
};

// A sink whose work forked processes can share: each process makes parts of the
// stream from consecutive frames, and sends its parts when it is their turn.
class PartedSink : public FrameSink {
 public:
  // A part of the stream, made from consecutive frames.
  class Part {
   public:
    virtual ~Part() = default;
  };

  // The size of the memory that HoldParts takes.
  virtual size_t SharedBytes() const = 0;

  // From now on keeps the output of AddFrame and SendCrash until TakePart, and
  // makes the same parts from the same frames in every process. Must be called
  // before the forks, with zeroed memory of SharedBytes, which is not owned and
  // shared by all processes. Only the process that sends a part uses it.
  virtual void HoldParts(absl::Span<uint8_t> shared_memory) = 0;

  // Returns the part made since the last call.
  virtual std::unique_ptr<Part> TakePart() = 0;

  // Sends a part that TakePart returned in this process.
  virtual absl::Status SendPart(const Part& part) = 0;

  PartedSink* AsParted() final { return this; }
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_FRAME_SINK_H_
