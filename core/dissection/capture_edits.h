// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_CAPTURE_EDITS_H_
#define CORE_DISSECTION_CAPTURE_EDITS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/epan/epan.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// What users have changed of a capture: what its frames look like, and what is
// written of them. The file isn't changed.
class CaptureEdits {
 public:
  // Parses a serialised dissectd.v1.GetSessionEditsResponse, which has been
  // checked. `kept_records` has a bit for each record that the read filter lets
  // pass, from the first one on, lowest first; empty if there is no read filter
  // or no edit. Errors: INVALID_ARGUMENT (TEXT_HAS_NUL, REQUEST_MALFORMED).
  static absl::StatusOr<CaptureEdits> Parse(absl::string_view bytes,
                                            absl::string_view kept_records);

  // Replaces the comments of the file's first section.
  void EditSection(wtap* file) const;

  // Changes the time of a frame, whose record has been read.
  void Shift(frame_data* frame) const;
  // Changes everything else of a frame, by its number.
  void Edit(const wtap_rec& record, frame_data* frame);

  // Whether the frame's time was changed.
  static bool IsShifted(const frame_data& frame);

  // Changes a record, so that it is written with what was changed of its frame.
  void EditRecord(const frame_data& frame, wtap_rec* record) const;

  // Whether the read filter lets a record pass, from 1 on: it doesn't look at
  // edited frames, as edits name frames by their numbers. Absent if the filter
  // has to be asked.
  std::optional<bool> IsKept(uint32_t record) const;

  const std::unordered_set<uint32_t>& marked() const { return marked_; }
  // The options of the frames whose comments were changed.
  const ModifiedBlocks& modified_blocks() const { return modified_blocks_; }

 private:
  using Numbers = std::unordered_set<uint32_t>;

  void ReadEdit(absl::string_view bytes);
  void ReadFrameComments(absl::string_view bytes);

  std::string kept_records_;
  std::map<uint32_t, std::vector<std::string>> comments_;
  std::optional<std::vector<std::string>> section_comments_;
  Numbers marked_;
  Numbers ignored_;
  Numbers time_references_;
  nstime_t shift_ = NSTIME_INIT_ZERO;
  ModifiedBlocks modified_blocks_;
};

// Returns whether a packet's options, which may be null, have a comment.
bool HasComment(wtap_block_t options);

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_CAPTURE_EDITS_H_
