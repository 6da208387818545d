// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FILE_MERGE_H_
#define CORE_EPAN_FILE_MERGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/epan/packet_writer.h"
#include "dissectd/v1/export.schema.h"

namespace dissectd::engine {

using schema::InterfaceMerge;

// Captures to merge, and how.
struct FileMerge {
  // Open captures, with the names that messages and the section's comment have
  // for them. Not owned.
  std::vector<int> inputs;
  std::vector<std::string> names;
  bool append = false;
  InterfaceMerge interfaces = InterfaceMerge::kUnspecified;
};

// What was merged.
struct MergedFrames {
  uint32_t read = 0;
  uint32_t written = 0;
  // The serialised dissectd.v1.Failure that ended reading, if one did.
  std::optional<std::string> read_error;
};

// Merges captures as mergecap does: a capture that can't be read to its end
// ends the merged one. Once in the life of a worker process, whose standard
// output becomes `output`. Errors: those of OpenErrorStatus, and of
// PacketWriter.
absl::StatusOr<MergedFrames> MergeCaptures(const FileMerge& merge,
                                           const OutputType& type,
                                           const OutputFile& output);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FILE_MERGE_H_
