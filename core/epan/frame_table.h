// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FRAME_TABLE_H_
#define CORE_EPAN_FRAME_TABLE_H_

#include <cstdint>

#include "core/epan/handles.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {

// The frames of a capture that the first of two passes has kept, by their
// numbers: 1, 2 and so on.
class FrameTable {
 public:
  FrameTable() : frames_(new_frame_data_sequence()) {}

  // Adds the next frame, and returns its place in the table. The table takes
  // over the data that dissectors have attached to the frame.
  const frame_data* Add(frame_data* frame) {
    const frame_data* added = frame_data_sequence_add(frames_.get(), frame);
    ForgetAttachments(frame);
    return added;
  }

  // Returns null if there is no frame with this number.
  frame_data* Find(uint32_t number) {
    return frame_data_sequence_find(frames_.get(), number);
  }

  // Marks the frames on which the frame in `edt`, which the table has, depends.
  void MarkDependencies(const epan_dissect_t& edt) {
    MarkDependentFrames(edt.pi, frames_.get());
  }

  // The table as libwireshark has it.
  frame_data_sequence* get() { return frames_.get(); }

 private:
  FrameSequencePtr frames_;
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FRAME_TABLE_H_
