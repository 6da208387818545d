// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/read_session.h"

#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "core/base/status_macros.h"
#include "core/dissection/progress_timer.h"
#include "core/encode/message_fields.h"
#include "core/encode/progress.h"
#include "core/encode/read_error.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"
#include "core/ipc/worker_channel.h"
#include "core/session/session_capture.h"
#include "dissectd/v1/session.schema.h"

namespace dissectd::engine {
namespace {

using ResponseBuilder = protozero::pbf_builder<schema::OpenSessionResponse>;

// Adds the time of a frame, unless it has none.
void AddFrameTime(const frame_data& frame, schema::Session field,
                  protozero::pbf_builder<schema::Session>* session) {
  if (frame.has_ts != 0) AddTime(frame.abs_ts, field, session);
}

}  // namespace

std::string ProgressResponse(const OpenedCapture& capture) {
  std::string response;
  ResponseBuilder(response).add_message(
      schema::OpenSessionResponse::kProgress,
      ProgressBytes(capture.dissector().Totals(capture.frames_read())));
  return response;
}

std::string FramesResponse(OpenedCapture* capture) {
  std::string response;
  ResponseBuilder out(response);
  protozero::pbf_builder<schema::Session> session(
      out, schema::OpenSessionResponse::kSession);
  const uint32_t frames = capture->frames_kept();
  session.add_uint32(schema::Session::kFrames, frames);
  if (frames > 0) {
    AddFrameTime(*capture->FindFrame(1), schema::Session::kFirstTime, &session);
    AddFrameTime(*capture->FindFrame(frames), schema::Session::kLastTime,
                 &session);
  }
  const std::optional<WtapError>& error = capture->file().error();
  if (error.has_value()) {
    session.add_message(schema::Session::kReadError,
                        ReadErrorBytes(*error, capture->file().name()));
  }
  return response;
}

absl::Status ReadSession(const QueryContext& context, absl::string_view,
                         SendResponse send) {
  OpenedCapture* const capture = context.session->opened();
  if (!capture->has_frame_table()) {
    ProgressTimer progress;
    RETURN_IF_ERROR(capture->RunFirstPass(
        nullptr,
        [&] {
          return progress.IsDue() ? send(ProgressResponse(*capture))
                                  : absl::OkStatus();
        },
        context.session->crashes()));
  }
  return send(FramesResponse(capture));
}

absl::Status KeptRecords(const QueryContext& context, absl::string_view,
                         SendResponse send) {
  return send(context.session->opened()->kept_records());
}

absl::Status SkipFrames(const QueryContext& context, absl::string_view request,
                        SendResponse) {
  ipc::SkipFrames skip = {};
  if (!ipc::TakeStruct(&request, &skip)) return UnexpectedMessage();
  return context.session->SkipTo(skip.last_frame);
}

}  // namespace dissectd::engine
