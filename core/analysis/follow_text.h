// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_FOLLOW_TEXT_H_
#define CORE_ANALYSIS_FOLLOW_TEXT_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "core/analysis/follow_argument.h"
#include "core/epan/tap_data.h"

namespace dissectd::engine {

// Writes a stream as `tshark -z follow` does.
class FollowText {
 public:
  explicit FollowText(FollowMode mode) : mode_(mode) {}

  // Returns the text before the records. `protocol` is the name in filters.
  std::string Head(absl::string_view protocol, const follow_info_t& info) const;

  // Returns the text of the next record. `shown` says whether it is in the
  // range.
  std::string Record(const follow_record_t& record, bool shown);

  // Returns the text after the records.
  std::string Tail() const;

 private:
  std::string Body(absl::string_view prefix, absl::string_view bytes,
                   uint32_t offset) const;

  const FollowMode mode_;
  // The bytes so far of the client and of the server.
  std::array<uint32_t, 2> offsets_ = {};
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_FOLLOW_TEXT_H_
