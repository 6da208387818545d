// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_EPAN_H_
#define CORE_EPAN_EPAN_H_

#include <cstdint>
#include <unordered_map>

#include "core/epan/handles.h"

namespace dissectd::engine {

// The options of packets that were changed, by the numbers of their frames.
using ModifiedBlocks = std::unordered_map<uint32_t, WtapBlockPtr>;

}  // namespace dissectd::engine

// The answers to libwireshark's questions about other frames of a capture while
// it dissects one. The name is libwireshark's, which leaves the definition to
// its users.
struct packet_provider_data {
  // Not owned; outlives this.
  wtap* file = nullptr;
  // The reference frame for relative times, and the frames before the current
  // one; null before there are any.
  const frame_data* reference = nullptr;
  const frame_data* previous_displayed = nullptr;
  const frame_data* previous_captured = nullptr;
  // All frames that were kept so far. Null in a single pass, which keeps none.
  // Not owned; outlives this.
  frame_data_sequence* frames = nullptr;
  // Null if nothing was changed. Not owned; outlives this.
  const dissectd::engine::ModifiedBlocks* modified_blocks = nullptr;
};

namespace dissectd::engine {

// libwireshark's state for the dissection of one capture: an epan_t and its
// packet_provider_data. A forked process can use one that was opened before the
// fork. At most one can be open in a process.
class Epan {
 public:
  // Initialises all dissectors with the current settings and reads the files of
  // names, which takes a tenth of a second.
  void Open();

  // Discards all state of the capture.
  void Close() { handle_.reset(); }

  bool is_open() const { return handle_ != nullptr; }

  // Null unless open.
  epan_t* get() const { return handle_.get(); }

  packet_provider_data* provider() { return &provider_; }

 private:
  // Outlives the handle, which uses it until it is freed.
  packet_provider_data provider_;
  EpanPtr handle_;
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_EPAN_H_
