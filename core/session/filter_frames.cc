// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/filter_frames.h"

#include <string>

#include "core/base/status_macros.h"
#include "core/dissection/view_pass.h"
#include "core/epan/display_filter.h"
#include "core/session/frame_bits.h"
#include "core/session/list_request.h"
#include "core/session/session_capture.h"

namespace dissectd::engine {
namespace {

// Sets the bits of the frames that it is given.
class BitmapSink final : public FrameSink {
 public:
  BitmapSink(uint32_t frames, bool colors) : bits_(frames), colors_(colors) {}

  FrameNeeds needs() const override {
    FrameNeeds needs;
    needs.colors = colors_;
    return needs;
  }

  absl::Status AddFrame(epan_dissect_t*, const frame_data& frame,
                        ColumnSet*) override {
    bits_.Set(frame.num);
    return absl::OkStatus();
  }

  const std::string& bitmap() const { return bits_.bytes(); }

 private:
  FrameBits bits_;
  const bool colors_;
};

}  // namespace

absl::Status FilterFrames(const QueryContext& context,
                          absl::string_view request, SendResponse send) {
  ASSIGN_OR_RETURN(const ListRequest list, ParseListRequest(request));
  OpenedCapture* const capture = context.session->opened();
  BitmapSink sink(capture->frames_kept(), LooksAtColors(list.display_filter));
  View filtered;
  filtered.display_filter = list.display_filter;
  ASSIGN_OR_RETURN(CaptureView view, CaptureView::Create(filtered, &sink));
  ViewPass pass(capture, &view, nullptr, context.session->crashes());
  RETURN_IF_ERROR(pass.Run());
  if (pass.position() < capture->frames_kept()) {
    return context.session->ReadError();
  }
  return send(sink.bitmap());
}

}  // namespace dissectd::engine
