// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/follow_stream.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/analysis/analysis_run.h"
#include "core/analysis/follow_request.h"
#include "core/analysis/follower.h"
#include "core/analysis/stream_recording.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/epan/handles.h"
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"
#include "core/ipc/worker_channel.h"
#include "dissectd/v1/analysis.schema.h"
#include "dissectd/v1/common.schema.h"

namespace dissectd::engine {
namespace {

// The maximum size of the bytes in a message.
constexpr size_t kMaxChunkBytes = 256 << 10;

absl::Status FrameNotInStream(const FollowRequest& request) {
  return MakeError(
      absl::StatusCode::kNotFound,
      absl::StrCat("Frame ", *request.frame_number, " belongs to no stream of ",
                   request.follower->name, "."),
      {"FRAME_NOT_IN_STREAM",
       {{"frame", absl::StrCat(*request.frame_number)},
        {"follower", request.follower->name}},
       {}});
}

absl::StatusOr<SelectedStream> SelectByFrameOf(const FollowRequest& request,
                                               AnalysisRun* run) {
  std::optional<SelectedStream> selected;
  RETURN_IF_ERROR(
      run->ShowFrame(*request.frame_number, [&](epan_dissect_t* edt) {
        selected = SelectByFrame(*request.follower, edt);
      }));
  if (!selected.has_value()) return FrameNotInStream(request);
  return *selected;
}

absl::StatusOr<SelectedStream> Select(const FollowRequest& request,
                                      AnalysisRun* run) {
  if (request.frame_number.has_value()) return SelectByFrameOf(request, run);
  const std::optional<SelectedStream> selected =
      request.stream.has_value()
          ? SelectByNumber(*request.follower, *request.stream,
                           request.sub_stream)
          : SelectByEndpoints(*request.follower, (*request.endpoints)[0],
                              (*request.endpoints)[1]);
  if (selected.has_value()) return *selected;
  return SelectionError(absl::StrCat("Streams of ", request.follower->name,
                                     " can't be selected in this way; name a "
                                     "frame."));
}

// Sends a recorded stream.
class StreamSender {
 public:
  StreamSender(const StreamRecording& recording, const SelectedStream& stream,
               SendResponse send)
      : recording_(recording), stream_(stream), send_(send) {}

  absl::Status SendHeader();
  // Sends at most `max_bytes`.
  absl::Status SendChunks(uint64_t max_bytes);

 private:
  void AddEndpoint(schema::FollowedStream field, const address& endpoint,
                   guint port,
                   protozero::pbf_builder<schema::FollowedStream>* out) const;
  absl::Status SendChunk(const follow_record_t& record,
                         absl::string_view bytes) const;

  const StreamRecording& recording_;
  const SelectedStream& stream_;
  SendResponse send_;
};

absl::Status StreamSender::SendHeader() {
  const follow_info_t& info = recording_.info();
  std::string response;
  {
    protozero::pbf_builder<schema::FollowStreamResponse> message(response);
    protozero::pbf_builder<schema::FollowedStream> out(
        message, schema::FollowStreamResponse::kHeader);
    AddEndpoint(schema::FollowedStream::kClient, info.client_ip,
                info.client_port, &out);
    AddEndpoint(schema::FollowedStream::kServer, info.server_ip,
                info.server_port, &out);
    out.add_uint64(schema::FollowedStream::kClientBytes,
                   info.bytes_written[FROM_CLIENT]);
    out.add_uint64(schema::FollowedStream::kServerBytes,
                   info.bytes_written[FROM_SERVER]);
    out.add_string(schema::FollowedStream::kDisplayFilter,
                   MakeValidUtf8(stream_.filter));
  }
  return send_(response);
}

void StreamSender::AddEndpoint(
    schema::FollowedStream field, const address& endpoint, guint port,
    protozero::pbf_builder<schema::FollowedStream>* out) const {
  protozero::pbf_builder<schema::Endpoint> message(*out, field);
  if (endpoint.type == AT_NONE) return;
  const WmemCharPtr text(address_to_str(nullptr, &endpoint));
  const WmemCharPtr name(address_to_display(nullptr, &endpoint));
  message.add_string(schema::Endpoint::kAddress, MakeValidUtf8(text.get()));
  message.add_string(schema::Endpoint::kResolvedName,
                     MakeValidUtf8(name.get()));
  message.add_uint32(schema::Endpoint::kPort, port);
  const follow_port_to_display_func name_of_port =
      get_follow_port_to_display(recording_.follower().handle);
  if (name_of_port == nullptr) return;
  const WmemCharPtr port_name(name_of_port(nullptr, port));
  message.add_string(schema::Endpoint::kPortName,
                     MakeValidUtf8(port_name.get()));
}

absl::Status StreamSender::SendChunks(uint64_t max_bytes) {
  uint64_t left =
      max_bytes == 0 ? std::numeric_limits<uint64_t>::max() : max_bytes;
  for (const follow_record_t* record : recording_.Records()) {
    absl::string_view bytes(reinterpret_cast<const char*>(record->data->data),
                            record->data->len);
    bytes = bytes.substr(0, left);
    left -= bytes.size();
    while (!bytes.empty()) {
      RETURN_IF_ERROR(SendChunk(*record, bytes.substr(0, kMaxChunkBytes)));
      bytes.remove_prefix(std::min(bytes.size(), kMaxChunkBytes));
    }
  }
  return absl::OkStatus();
}

absl::Status StreamSender::SendChunk(const follow_record_t& record,
                                     absl::string_view bytes) const {
  std::string response;
  {
    protozero::pbf_builder<schema::FollowStreamResponse> message(response);
    protozero::pbf_builder<schema::StreamChunk> chunk(
        message, schema::FollowStreamResponse::kChunk);
    chunk.add_bool(schema::StreamChunk::kFromServer, record.is_server);
    chunk.add_uint32(schema::StreamChunk::kFrameNumber, record.packet_num);
    {
      protozero::pbf_builder<schema::TimeValue> time(
          chunk, schema::StreamChunk::kTime);
      time.add_sint64(schema::TimeValue::kSeconds, record.abs_ts.secs);
      time.add_sint32(schema::TimeValue::kNanos, record.abs_ts.nsecs);
    }
    chunk.add_bytes(schema::StreamChunk::kData, bytes.data(), bytes.size());
  }
  return send_(response);
}

absl::Status SendEnd(const AnalysisRun& run, SendResponse send) {
  std::string response;
  protozero::pbf_builder<schema::FollowStreamResponse>(response).add_message(
      schema::FollowStreamResponse::kEnd, run.EndMessage());
  return send(response);
}

absl::Status Follow(const FollowRequest& request, const SelectedStream& stream,
                    AnalysisRun* run, SendResponse send) {
  ASSIGN_OR_RETURN(const std::unique_ptr<StreamRecording> recording,
                   StreamRecording::Begin(*request.follower, stream));
  // The response has no progress.
  RETURN_IF_ERROR(run->Run([](absl::string_view) { return absl::OkStatus(); }));
  StreamSender sender(*recording, stream, send);
  RETURN_IF_ERROR(sender.SendHeader());
  RETURN_IF_ERROR(sender.SendChunks(request.max_bytes));
  return SendEnd(*run, send);
}

}  // namespace

absl::Status FollowStream(const QueryContext& context,
                          absl::string_view request, SendResponse send) {
  ASSIGN_OR_RETURN(const FollowRequest parsed, ParseFollowRequest(request));
  ASSIGN_OR_RETURN(const std::unique_ptr<AnalysisRun> run,
                   AnalysisRun::Prepare(context, parsed.source));
  ASSIGN_OR_RETURN(const SelectedStream stream, Select(parsed, run.get()));
  return Follow(parsed, stream, run.get(), send);
}

absl::Status SelectStream(const QueryContext& context,
                          absl::string_view request, SendResponse send) {
  ASSIGN_OR_RETURN(const FollowRequest parsed, ParseFollowRequest(request));
  if (!parsed.frame_number.has_value()) return UnexpectedMessage();
  ASSIGN_OR_RETURN(const std::unique_ptr<AnalysisRun> run,
                   AnalysisRun::Prepare(context, parsed.source));
  ASSIGN_OR_RETURN(const SelectedStream stream,
                   SelectByFrameOf(parsed, run.get()));
  ipc::StreamSelection selection = {};
  selection.sub_stream = stream.sub_stream;
  selection.filter_bytes = static_cast<uint32_t>(stream.filter.size());
  return send(absl::StrCat(ipc::BytesOf(selection), stream.filter));
}

absl::Status FollowSelectedStream(const QueryContext& context,
                                  absl::string_view request,
                                  SendResponse send) {
  ipc::StreamSelection selection = {};
  if (!ipc::TakeStruct(&request, &selection) ||
      request.size() < selection.filter_bytes) {
    return UnexpectedMessage();
  }
  SelectedStream stream;
  stream.filter = std::string(request.substr(0, selection.filter_bytes));
  stream.sub_stream = selection.sub_stream;
  request.remove_prefix(selection.filter_bytes);
  ASSIGN_OR_RETURN(const FollowRequest parsed, ParseFollowRequest(request));
  ASSIGN_OR_RETURN(const std::unique_ptr<AnalysisRun> run,
                   AnalysisRun::Prepare(context, parsed.source));
  return Follow(parsed, stream, run.get(), send);
}

}  // namespace dissectd::engine
