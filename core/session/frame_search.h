// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_FRAME_SEARCH_H_
#define CORE_SESSION_FRAME_SEARCH_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/encode/frame_sink.h"
#include "core/request/frame_range.h"

namespace dissectd::engine {

// A dissectd.v1.FindFrameRequest that doesn't search for a filter.
struct FrameSearch {
  enum class Kind { kNone, kDetails, kColumns, kBytes };

  Kind kind = Kind::kNone;
  // The text or the bytes to find.
  std::string target;
  bool ignore_case = false;
  bool backward = false;
  std::string within_display_filter;
  FrameRange range;
};

// Parses a request. Errors: INVALID_ARGUMENT (TEXT_HAS_NUL, REQUEST_MALFORMED,
// SEARCH_MISSING), and those of CheckUnlimitedRange.
absl::StatusOr<FrameSearch> ParseFindFrameRequest(absl::string_view bytes);

// Remembers the last frame that matches a search.
class SearchSink final : public FrameSink {
 public:
  // `search` is not owned and outlives this.
  explicit SearchSink(const FrameSearch& search) : search_(search) {}

  FrameNeeds needs() const override;
  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns) override;

  // The number of the frame; 0 if there is none.
  uint32_t found() const { return found_; }

 private:
  bool Matches(epan_dissect_t* edt, ColumnSet* columns) const;
  bool IsInText(absl::string_view text) const;
  bool IsInColumns(ColumnSet* columns) const;
  bool IsInBytes(const packet_info& packet) const;
  bool IsInDetails(const proto_node* node) const;

  const FrameSearch& search_;
  uint32_t found_ = 0;
};

}  // namespace dissectd::engine

#endif  // CORE_SESSION_FRAME_SEARCH_H_
