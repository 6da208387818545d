// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/filter_frames.h"

#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "core/base/status_macros.h"
#include "core/dissection/view_pass.h"
#include "core/session/frame_search.h"
#include "core/session/list_request.h"
#include "core/session/session_capture.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {
namespace {

// Sets the bits of the frames that it is given.
class BitmapSink final : public FrameSink {
 public:
  explicit BitmapSink(uint32_t frames) : bitmap_((frames + 7) / 8, '\0') {}

  FrameNeeds needs() const override { return {}; }

  absl::Status AddFrame(epan_dissect_t*, const frame_data& frame,
                        ColumnSet*) override {
    const uint32_t bit = frame.num - 1;
    bitmap_[bit / 8] = static_cast<char>(
        static_cast<uint8_t>(bitmap_[bit / 8]) | 1u << (bit % 8));
    return absl::OkStatus();
  }

  absl::Status SendEnd(EndReason, const ProgressReport&, const WtapError*,
                       absl::string_view) override {
    return absl::OkStatus();
  }

  const std::string& bitmap() const { return bitmap_; }

 private:
  std::string bitmap_;
};

std::string FoundResponse(uint32_t frame) {
  std::string response;
  protozero::pbf_builder<schema::FindFrameResponse>(response).add_uint32(
      schema::FindFrameResponse::kFrameNumber, frame);
  return response;
}

// Returns the part of the capture in which to search. The numbers begin after
// `after_frame`, or end before it.
FrameRange SearchedRange(const FrameSearch& search) {
  FrameRange range;
  if (search.after_frame == 0) return range;
  if (search.backward) {
    range.last = search.after_frame - 1;
  } else {
    range.first = search.after_frame + 1;
  }
  return range;
}

// Passes frames to the sink until it has found one. Returns its number, or 0.
absl::StatusOr<uint32_t> Search(const FrameSearch& search,
                                const CaptureView& origin,
                                SessionCapture* session, SearchSink* sink,
                                ViewPass* pass) {
  while (!pass->IsOver()) {
    frame_data* frame = pass->Next();
    if (frame == nullptr) return session->ReadError();
    if (origin.InRange(frame->num)) {
      RETURN_IF_ERROR(pass->Dissect(frame));
    } else {
      pass->Replay(frame);
    }
    if (sink->found() != 0 && !search.backward) break;
  }
  return sink->found();
}

}  // namespace

absl::Status FilterFrames(const QueryContext& context,
                          absl::string_view request, SendResponse send) {
  ASSIGN_OR_RETURN(const ListRequest list, ParseListRequest(request));
  OpenedCapture* const capture = context.session->opened();
  BitmapSink sink(capture->frames_kept());
  View filtered;
  filtered.display_filter = list.display_filter;
  ASSIGN_OR_RETURN(CaptureView view, CaptureView::Create(filtered, &sink));
  ViewPass pass(capture, &view, nullptr);
  RETURN_IF_ERROR(pass.Run());
  if (pass.position() < capture->frames_kept()) {
    return context.session->ReadError();
  }
  return send(sink.bitmap());
}

absl::Status FindFrame(const QueryContext& context, absl::string_view request,
                       SendResponse send) {
  ASSIGN_OR_RETURN(const FrameSearch search, ParseFindFrameRequest(request));
  ASSIGN_OR_RETURN(const std::unique_ptr<SearchSink> sink,
                   SearchSink::Create(search));
  // There is nothing before the first frame.
  if (search.backward && search.after_frame == 1) return send(FoundResponse(0));
  View searched;
  searched.display_filter = search.within_display_filter;
  searched.range = SearchedRange(search);
  ASSIGN_OR_RETURN(CaptureView view, CaptureView::Create(searched, sink.get()));
  std::unique_ptr<ColumnSet> columns;
  if (sink->needs().columns) columns = std::make_unique<ColumnSet>();
  ViewPass pass(context.session->opened(), &view, columns.get());
  ASSIGN_OR_RETURN(const uint32_t found,
                   Search(search, view, context.session, sink.get(), &pass));
  return send(FoundResponse(found));
}

}  // namespace dissectd::engine
