// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/get_frame.h"

#include <memory>
#include <optional>
#include <string>

#include "core/base/status_macros.h"
#include "core/encode/stream_encoder.h"
#include "core/encode/wire.h"
#include "core/epan/columns.h"
#include "core/epan/display_filter.h"
#include "core/request/dissect_request.h"
#include "core/request/request_reading.h"
#include "core/session/frame_links.h"
#include "core/session/frame_selection.h"
#include "core/session/session_capture.h"
#include "core/session/session_view.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {
namespace {

// Encodes the frame as for Dissect, and adds what only GetFrame tells.
class FrameSinkWithLinks final : public FrameSink {
 public:
  // Nothing is owned; everything outlives this.
  FrameSinkWithLinks(StreamEncoder* encoder, dfilter_t* filter,
                     bool filter_needs_colors, std::string* response)
      : encoder_(encoder),
        filter_(filter),
        filter_needs_colors_(filter_needs_colors),
        response_(response) {}

  FrameNeeds needs() const override {
    FrameNeeds needs = encoder_->needs();
    needs.tree = true;
    needs.colors |= filter_needs_colors_;
    return needs;
  }

  void Prime(epan_dissect_t* edt) const override {
    PrimeFilter(filter_, edt);
    for (const int field : FrameNumberFields()) {
      epan_dissect_prime_with_hfid(edt, field);
    }
  }

  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns) override {
    RETURN_IF_ERROR(encoder_->AddFrame(edt, frame, columns));
    RETURN_IF_ERROR(encoder_->Flush());
    if (PassesFilter(filter_, edt)) {
      wire::AppendUint(response_, schema::GetFrameResponse::kDisplayed, 1);
    }
    AppendStreams(edt, response_);
    AppendReferences(edt, response_);
    return absl::OkStatus();
  }

  absl::Status SendCrash(const CrashReport& crash) override {
    return encoder_->SendCrash(crash);
  }

 private:
  StreamEncoder* const encoder_;
  dfilter_t* const filter_;
  const bool filter_needs_colors_;
  std::string* const response_;
};

struct Question {
  uint32_t frame = 0;
  DissectRequest request;
};

absl::StatusOr<Question> ParseGetFrameRequest(absl::string_view bytes) {
  Question question;
  std::string view;
  RETURN_IF_ERROR(ReadRequestFields<schema::GetFrameRequest>(
      "GetFrameRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::GetFrameRequest::kFrameNumber:
            question.frame = message->get_uint32();
            break;
          case schema::GetFrameRequest::kView:
            view = message->get_bytes();
            break;
          default:
            message->skip();
        }
      }));
  ASSIGN_OR_RETURN(question.request, ParseView(view));
  question.request.view.range = FrameRange();
  return question;
}

}  // namespace

absl::Status GetFrame(const QueryContext& context, absl::string_view request,
                      SendResponse send) {
  ASSIGN_OR_RETURN(const FrameSelection selection, TakeSelection(&request));
  ASSIGN_OR_RETURN(const Question question, ParseGetFrameRequest(request));
  SessionCapture* const session = context.session;
  RETURN_IF_ERROR(session->CheckFrame(question.frame));
  const View& view = question.request.view;
  ASSIGN_OR_RETURN(const DisplayFilterPtr filter,
                   CompileDisplayFilter(view.display_filter));
  std::string response;
  ASSIGN_OR_RETURN(
      const std::unique_ptr<StreamEncoder> encoder,
      StreamEncoder::Create(
          question.request,
          [&response](absl::Span<const absl::string_view> pieces, uint32_t) {
            // GetFrameResponse begins with the fields of DissectResponse.
            for (const absl::string_view piece : pieces) {
              response.append(piece.data(), piece.size());
            }
            return absl::OkStatus();
          }));
  ASSIGN_OR_RETURN(const std::unique_ptr<ColumnSet> columns,
                   MakeColumns(view.columns));
  response = EncodeHeader(session->file_info(), columns.get(),
                          encoder->coloring_rules());
  FilteredHistory filtered(selection.bitmap, session->opened());
  FrameSinkWithLinks sink(encoder.get(), filter.get(),
                          LooksAtColors(view.display_filter), &response);
  RETURN_IF_ERROR(session->Show(
      question.frame,
      filter == nullptr ? nullptr : &filtered.Before(question.frame),
      columns.get(), &sink));
  return send(response);
}

}  // namespace dissectd::engine
