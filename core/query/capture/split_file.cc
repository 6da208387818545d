// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/split_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "core/encode/read_error.h"
#include "core/epan/capture_file.h"
#include "core/epan/packet_writer.h"
#include "core/ipc/worker_channel.h"
#include "core/query/capture/piece_files.h"
#include "core/query/capture/split_request.h"
#include "core/query/capture/stream_frames.h"
#include "core/query/capture/written_file.h"
#include "dissectd/v1/export.schema.h"
#include "dissectd/v1/file.schema.h"

namespace dissectd::engine {
namespace {

using Kind = SplitRequest::Kind;

constexpr int32_t kNanosPerSecond = 1'000'000'000;

std::optional<FrameTime> TimeOf(Record* record) {
  const wtap_rec& rec = *record->rec();
  if ((rec.presence_flags & WTAP_HAS_TS) == 0) return std::nullopt;
  return FrameTime{rec.ts.secs, rec.ts.nsecs};
}

FrameTime Sum(const FrameTime& a, const FrameTime& b) {
  FrameTime sum = {a.seconds + b.seconds, a.nanos + b.nanos};
  if (sum.nanos >= kNanosPerSecond) {
    sum.nanos -= kNanosPerSecond;
    ++sum.seconds;
  }
  return sum;
}

bool IsBefore(const FrameTime& a, const FrameTime& b) {
  return std::tie(a.seconds, a.nanos) < std::tie(b.seconds, b.nanos);
}

// Splits a capture while it reads it.
class Splitter {
 public:
  // Nothing is owned; everything outlives this.
  Splitter(const SplitRequest& request, PieceFiles* pieces)
      : request_(request), pieces_(pieces) {}

  // Writes all frames. Errors of reading are not returned. Errors: those of
  // PieceFiles.
  absl::Status Run(CaptureFile* file);

 private:
  // Begins the files that begin before the record.
  absl::Status BeginFiles(Record* record);
  absl::Status BeginAfterIntervals(const std::optional<FrameTime>& time);
  absl::Status BeginFile(const std::optional<FrameTime>& time);

  const SplitRequest& request_;
  PieceFiles* const pieces_;
  uint32_t frame_ = 0;
  uint32_t files_ = 0;
  // Frames after this time are in another file.
  std::optional<FrameTime> end_;
};

absl::Status Splitter::Run(CaptureFile* file) {
  Record record;
  int64_t offset = 0;
  while (file->Read(&record, &offset)) {
    ++frame_;
    RETURN_IF_ERROR(BeginFiles(&record));
    RETURN_IF_ERROR(pieces_->Write(&record, frame_));
  }
  // As with editcap, an empty capture has a file without a number.
  if (frame_ == 0) RETURN_IF_ERROR(pieces_->Begin(request_.prefix));
  return pieces_->End();
}

absl::Status Splitter::BeginFiles(Record* record) {
  const std::optional<FrameTime> time = TimeOf(record);
  uint64_t size = 0;
  if (request_.kind == Kind::kBytes) {
    ASSIGN_OR_RETURN(size, pieces_->SizeOf(record, frame_));
  }
  if (!pieces_->has_begun()) RETURN_IF_ERROR(BeginFile(time));
  switch (request_.kind) {
    case Kind::kFrames:
      return pieces_->frames() == request_.limit ? BeginFile(time)
                                                 : absl::OkStatus();
    case Kind::kBytes:
      return pieces_->frames() > 0 && pieces_->bytes() + size > request_.limit
                 ? BeginFile(time)
                 : absl::OkStatus();
    default:
      return BeginAfterIntervals(time);
  }
}

absl::Status Splitter::BeginAfterIntervals(
    const std::optional<FrameTime>& time) {
  if (!time.has_value()) return absl::OkStatus();
  if (!end_.has_value()) end_ = Sum(*time, request_.interval);
  // As in editcap, intervals without a frame have empty files.
  while (IsBefore(*end_, *time)) {
    RETURN_IF_ERROR(BeginFile(time));
    end_ = Sum(*end_, request_.interval);
  }
  return absl::OkStatus();
}

absl::Status Splitter::BeginFile(const std::optional<FrameTime>& time) {
  return pieces_->Begin(PieceName(request_.prefix, files_++, time));
}

std::optional<std::string> ErrorOf(const CaptureFile& file) {
  if (!file.error().has_value()) return std::nullopt;
  return ReadErrorBytes(*file.error(), file.name());
}

// Writes the frames of each stream, and those of none, which were found before.
absl::Status WriteStreams(const StreamFrames& streams,
                          const std::string& prefix, CaptureFile* file,
                          PieceFiles* pieces) {
  Record record;
  int64_t offset = 0;
  // wiretap then knows all interfaces and secrets.
  while (file->Read(&record, &offset)) {
  }
  for (const StreamFrames::Stream& stream : streams.streams) {
    RETURN_IF_ERROR(
        pieces->Begin(stream.number.has_value()
                          ? PieceName(prefix, *stream.number, std::nullopt)
                          : prefix));
    for (const StreamFrames::Frame& frame : stream.frames) {
      if (!file->SeekRead(frame.offset, &record)) return pieces->End();
      RETURN_IF_ERROR(pieces->Write(&record, frame.number));
    }
  }
  if (streams.streams.empty()) RETURN_IF_ERROR(pieces->Begin(prefix));
  return pieces->End();
}

std::string Response(const PieceFiles& pieces,
                     const std::optional<std::string>& read_error) {
  std::string response;
  protozero::pbf_builder<schema::SplitFileResponse> message(response);
  for (const PieceFiles::Piece& piece : pieces.pieces()) {
    protozero::pbf_builder<schema::File> file(
        message, schema::SplitFileResponse::kFiles);
    file.add_string(schema::File::kName, piece.name);
    file.add_uint64(schema::File::kSizeBytes, piece.size_bytes);
  }
  message.add_uint32(schema::SplitFileResponse::kFramesWritten,
                     pieces.frames_written());
  if (read_error.has_value()) {
    message.add_message(schema::SplitFileResponse::kReadError, *read_error);
  }
  return response;
}

}  // namespace

absl::Status SplitFile(const QueryContext& context, absl::string_view request,
                       SendResponse send) {
  if (context.inputs.size() != 1) return UnexpectedMessage();
  ASSIGN_OR_RETURN(const SplitRequest parsed, ParseSplitRequest(request));
  ASSIGN_OR_RETURN(const OutputType type, OutputType::For(parsed.write));
  AllowOutput(context);
  // Later, this process may open no file to write.
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  const absl::Cleanup close_nowhere = [nowhere] { close(nowhere); };
  const bool by_stream = parsed.kind == Kind::kStream;
  std::optional<StreamFrames> streams;
  if (by_stream) {
    ASSIGN_OR_RETURN(streams, FindStreamFrames(context, parsed));
  }
  ASSIGN_OR_RETURN(
      CaptureFile file,
      CaptureFile::Open(context.capture, context.capture_name, by_stream));
  PieceFiles pieces({{context.output, context.max_output_bytes},
                     context.inputs.front(),
                     nowhere,
                     type,
                     parsed.write},
                    &file);
  if (by_stream) {
    RETURN_IF_ERROR(WriteStreams(*streams, parsed.prefix, &file, &pieces));
  } else {
    RETURN_IF_ERROR(Splitter(parsed, &pieces).Run(&file));
  }
  return send(Response(pieces, ErrorOf(file)));
}

}  // namespace dissectd::engine
