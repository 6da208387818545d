// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/list_frames.h"

#include <algorithm>
#include <map>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "core/base/status_macros.h"
#include "core/dissection/capture_view.h"
#include "core/epan/columns.h"
#include "core/epan/display_filter.h"
#include "core/ipc/query.h"
#include "core/session/column_sorting.h"
#include "core/session/frame_selection.h"
#include "core/session/line_sink.h"
#include "core/session/list_request.h"
#include "core/session/session_capture.h"
#include "core/session/session_view.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {
namespace {

constexpr size_t kNumbersPerMessage = 1 << 18;

// Keeps the lines of a page.
class PageSink final : public LineSink {
 public:
  using LineSink::LineSink;

  // Returns the line of a frame that was added.
  const std::string& line(uint32_t frame) const { return lines_.at(frame); }
  // Returns the serialised colouring rules that frames matched.
  std::vector<std::string> RuleMessages() const {
    std::vector<std::string> messages;
    for (const uint32_t rule : used_rules_) {
      messages.push_back(coloring_rules()->messages()[rule - 1]);
    }
    return messages;
  }

 private:
  absl::Status AddLine(uint32_t frame, std::string line) override {
    lines_[frame] = std::move(line);
    return absl::OkStatus();
  }

  // Returns the number of the rule among those of the page.
  uint32_t NumberOfRule(uint32_t rule) override {
    const auto found = std::find(used_rules_.begin(), used_rules_.end(), rule);
    const auto index = static_cast<uint32_t>(found - used_rules_.begin());
    if (found == used_rules_.end()) used_rules_.push_back(rule);
    return index + 1;
  }

  // The rules that frames of the page match, in the order of their numbers in
  // the page.
  std::vector<uint32_t> used_rules_;
  std::map<uint32_t, std::string> lines_;
};

// Passes the frames, which are in order, to the sink, as a view with the filter
// of the bitmap shows them.
absl::Status ShowFrames(const std::vector<uint32_t>& frames,
                        FilteredHistory* filtered, SessionCapture* session,
                        ColumnSet* columns, FrameSink* sink) {
  for (const uint32_t frame : frames) {
    RETURN_IF_ERROR(session->Show(
        frame, filtered == nullptr ? nullptr : &filtered->Before(frame),
        columns, sink));
  }
  return absl::OkStatus();
}

std::vector<uint32_t> InOrder(std::vector<uint32_t> frames) {
  std::sort(frames.begin(), frames.end());
  frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
  return frames;
}

// Returns the frames that pass the filter and are in the range, in order.
std::vector<uint32_t> FramesInRange(const FrameRange& range,
                                    const FilteredHistory* filtered,
                                    OpenedCapture* capture) {
  std::vector<uint32_t> frames;
  for (uint32_t frame = 1; frame <= capture->frames_kept(); ++frame) {
    if (filtered != nullptr && !filtered->Passes(frame)) continue;
    if (!range.HasNumber(frame)) continue;
    if (!range.HasTime(TimeOf(*capture->FindFrame(frame)))) continue;
    frames.push_back(frame);
  }
  return frames;
}

// Errors: those of MakeColumns, CheckSortColumn and ShowFrames.
absl::Status SortByColumn(const ListRequest& list, FilteredHistory* filtered,
                          SessionCapture* session,
                          std::vector<uint32_t>* frames) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ColumnSet> columns,
                   MakeColumns(list.columns));
  RETURN_IF_ERROR(CheckSortColumn(list.sort_column, *columns));
  SortingSink sorting(list.sort_column - 1);
  RETURN_IF_ERROR(
      ShowFrames(*frames, filtered, session, columns.get(), &sorting));
  sorting.Sort(list.descending, frames);
  return absl::OkStatus();
}

size_t TextBytes(const std::string& line) {
  size_t bytes = 0;
  protozero::pbf_message<schema::FrameSummary> message(line);
  while (message.next(schema::FrameSummary::kColumns)) {
    bytes += message.get_view().size();
  }
  return bytes;
}

std::string ListResponse(const std::vector<uint32_t>& frames,
                         const ColumnSet& columns, const PageSink& lines) {
  std::string response = ListColumns(columns);
  protozero::pbf_builder<schema::ListFramesResponse> out(response);
  size_t text_bytes = 0;
  for (const uint32_t frame : frames) {
    if (text_bytes > ipc::kMaxPageTextBytes) break;
    const std::string& line = lines.line(frame);
    text_bytes += TextBytes(line);
    out.add_message(schema::ListFramesResponse::kFrames, line);
  }
  for (const std::string& rule : lines.RuleMessages()) {
    out.add_message(schema::ListFramesResponse::kColoringRules, rule);
  }
  return response;
}

// Sends numbers in messages of a bounded size.
absl::Status SendNumbers(absl::Span<const uint32_t> numbers,
                         SendResponse send) {
  while (!numbers.empty()) {
    const absl::Span<const uint32_t> next =
        numbers.subspan(0, kNumbersPerMessage);
    RETURN_IF_ERROR(send({reinterpret_cast<const char*>(next.data()),
                          next.size() * sizeof(uint32_t)}));
    numbers.remove_prefix(next.size());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ListFrames(const QueryContext& context, absl::string_view request,
                        SendResponse send) {
  ASSIGN_OR_RETURN(const FrameSelection selection, TakeSelection(&request));
  ASSIGN_OR_RETURN(const ListRequest list, ParseListRequest(request));
  ASSIGN_OR_RETURN(const DisplayFilterPtr filter,
                   CompileDisplayFilter(list.display_filter));
  ASSIGN_OR_RETURN(const std::unique_ptr<ColumnSet> columns,
                   MakeColumns(list.columns));
  PageSink lines({context.session, columns.get(), filter.get(),
                  LooksAtColors(list.display_filter), list.colors});
  FilteredHistory filtered(selection.bitmap, context.session->opened());
  RETURN_IF_ERROR(ShowFrames(InOrder(selection.frames),
                             filter == nullptr ? nullptr : &filtered,
                             context.session, columns.get(), &lines));
  return send(ListResponse(selection.frames, *columns, lines));
}

absl::Status SortFrames(const QueryContext& context, absl::string_view request,
                        SendResponse send) {
  ASSIGN_OR_RETURN(const FrameSelection selection, TakeSelection(&request));
  ASSIGN_OR_RETURN(const ListRequest list, ParseListRequest(request));
  ASSIGN_OR_RETURN(const DisplayFilterPtr filter,
                   CompileDisplayFilter(list.display_filter));
  FilteredHistory filtered(selection.bitmap, context.session->opened());
  FilteredHistory* const history = filter == nullptr ? nullptr : &filtered;
  std::vector<uint32_t> sorted =
      FramesInRange(list.range, history, context.session->opened());
  if (list.sort_column != 0) {
    RETURN_IF_ERROR(SortByColumn(list, history, context.session, &sorted));
  } else if (list.descending) {
    std::reverse(sorted.begin(), sorted.end());
  }
  return SendNumbers(sorted, send);
}

}  // namespace dissectd::engine
