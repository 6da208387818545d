// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/list_lines.h"

#include <zlib.h>

#include <cstdint>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/dissection/capture_view.h"
#include "core/epan/columns.h"
#include "core/epan/display_filter.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"
#include "core/session/filter_frames.h"
#include "core/session/frame_bits.h"
#include "core/session/line_sink.h"
#include "core/session/list_request.h"
#include "core/session/session_capture.h"
#include "core/session/session_view.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {
namespace {

// A page decompresses the parts that it has lines of, some 150 lines each.
constexpr size_t kBytesPerPart = 16 << 10;

absl::Status SendPart(const ipc::ListPart& part, absl::string_view bytes,
                      SendResponse send) {
  return send(absl::StrCat(ipc::BytesOf(part), bytes));
}

// Sends lines in compressed parts.
class PartSink final : public LineSink {
 public:
  PartSink(const Options& options, uint32_t frames, SendResponse send)
      : LineSink(options), bits_(frames), send_(send) {}

  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns) override {
    if (!PassesFilter(options().filter, edt)) return absl::OkStatus();
    history_.Add(frame);
    bits_.Set(frame.num);
    return LineSink::AddFrame(edt, frame, columns);
  }

  // Whether a frame that can't be dissected passes a filter isn't known.
  absl::Status SendCrash(const CrashReport& crash) override {
    if (options().filter != nullptr) return absl::OkStatus();
    return LineSink::SendCrash(crash);
  }

  // Sends what all lines refer to.
  absl::Status SendHeader() {
    std::string response = ListColumns(*options().columns);
    protozero::pbf_builder<schema::ListFramesResponse> out(response);
    if (coloring_rules() != nullptr) {
      for (const std::string& rule : coloring_rules()->messages()) {
        out.add_message(schema::ListFramesResponse::kColoringRules, rule);
      }
    }
    return SendPart({ipc::ListPart::kHeader, 0, 0, 0}, response, send_);
  }

  // Sends the lines that were kept back. All frames up to `last_frame` have
  // been added.
  absl::Status SendLines(uint32_t last_frame) {
    uLongf size = compressBound(lines_.size());
    std::string compressed(size, '\0');
    if (compress2(reinterpret_cast<Bytef*>(compressed.data()), &size,
                  reinterpret_cast<const Bytef*>(lines_.data()), lines_.size(),
                  Z_BEST_SPEED) != Z_OK) {
      return absl::InternalError("lines can't be compressed");
    }
    compressed.resize(size);
    const ipc::ListPart part = {ipc::ListPart::kLines, first_frame_, last_frame,
                                static_cast<uint32_t>(lines_.size())};
    first_frame_ = last_frame + 1;
    lines_.clear();
    return SendPart(part, compressed, send_);
  }

  absl::Status SendBits() {
    return SendPart({ipc::ListPart::kBits, 0, 0, 0}, bits_.bytes(), send_);
  }

  // The frames that have passed the filter.
  const CaptureView::History& history() const { return history_; }

 private:
  absl::Status AddLine(uint32_t frame, std::string line) override {
    protozero::pbf_builder<schema::ListFramesResponse> out(lines_);
    out.add_message(schema::ListFramesResponse::kFrames, line);
    return lines_.size() < kBytesPerPart ? absl::OkStatus() : SendLines(frame);
  }

  FrameBits bits_;
  CaptureView::History history_;
  const SendResponse send_;
  // A serialised ListFramesResponse with the lines from `first_frame_` on.
  std::string lines_;
  uint32_t first_frame_ = 1;
};

}  // namespace

absl::Status ListLines(const QueryContext& context, absl::string_view request,
                       SendResponse send) {
  ASSIGN_OR_RETURN(const ListRequest list, ParseListRequest(request));
  ASSIGN_OR_RETURN(const DisplayFilterPtr filter,
                   CompileDisplayFilter(list.display_filter));
  const auto columns = MakeColumns(list.columns);
  if (!columns.ok()) {
    if (filter == nullptr) return columns.status();
    // Others may wait for the bitmap.
    return FilterFrames(context, request, [send](absl::string_view bits) {
      return SendPart({ipc::ListPart::kBits, 0, 0, 0}, bits, send);
    });
  }
  SessionCapture* const session = context.session;
  const uint32_t frames = session->opened()->frames_kept();
  PartSink sink({session, columns->get(), filter.get(),
                 LooksAtColors(list.display_filter), list.colors},
                frames, send);
  RETURN_IF_ERROR(sink.SendHeader());
  for (uint32_t frame = 1; frame <= frames; ++frame) {
    RETURN_IF_ERROR(session->Show(frame,
                                  filter == nullptr ? nullptr : &sink.history(),
                                  columns->get(), &sink));
  }
  RETURN_IF_ERROR(sink.SendLines(frames));
  return filter == nullptr ? absl::OkStatus() : sink.SendBits();
}

}  // namespace dissectd::engine
