// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/split_request.h"

#include <array>
#include <ctime>
#include <protozero/pbf_message.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/request/export_request.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/export.schema.h"

namespace dissectd::engine {
namespace {

using Kind = SplitRequest::Kind;

constexpr int32_t kNanosPerSecond = 1'000'000'000;
// Longer intervals than any capture has.
constexpr int64_t kMaxSeconds = int64_t{1} << 40;

// The fields of google.protobuf.Duration.
enum class Duration : protozero::pbf_tag_type { kSeconds = 1, kNanos = 2 };

FrameTime ReadDuration(protozero::data_view bytes) {
  FrameTime time;
  protozero::pbf_message<Duration> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case Duration::kSeconds:
        time.seconds = message.get_int64();
        break;
      case Duration::kNanos:
        time.nanos = message.get_int32();
        break;
      default:
        message.skip();
    }
  }
  return time;
}

absl::Status CheckSplit(const SplitRequest& request, bool has_options) {
  const FrameTime& interval = request.interval;
  switch (request.kind) {
    case Kind::kNone:
      return SplitInvalid("The request doesn't say how to split the capture.");
    case Kind::kFrames:
    case Kind::kBytes:
      if (request.limit == 0) return SplitInvalid("A file can't be empty.");
      break;
    case Kind::kInterval:
      if (interval.seconds < 0 || interval.seconds > kMaxSeconds ||
          interval.nanos < 0 || interval.nanos >= kNanosPerSecond ||
          (interval.seconds == 0 && interval.nanos == 0)) {
        return SplitInvalid("The interval must be longer than 0.");
      }
      break;
    case Kind::kStream:
      return absl::OkStatus();
  }
  if (!has_options) return absl::OkStatus();
  return SplitInvalid("Frames are dissected only to find their streams.");
}

}  // namespace

absl::Status SplitInvalid(absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {"SPLIT_INVALID", {}, {}});
}

absl::StatusOr<SplitRequest> ParseSplitRequest(absl::string_view bytes) {
  SplitRequest request;
  std::optional<std::string> options;
  std::string write;
  RETURN_IF_ERROR(ReadRequestFields<schema::SplitFileRequest>(
      "SplitFileRequest", bytes, [&](auto* message) {
        // If a oneof has several members, the last one counts.
        switch (message->tag()) {
          case schema::SplitFileRequest::kPrefix:
            request.prefix = Text(message);
            break;
          case schema::SplitFileRequest::kFrames:
            request.kind = Kind::kFrames;
            request.limit = message->get_uint32();
            break;
          case schema::SplitFileRequest::kInterval:
            request.kind = Kind::kInterval;
            request.interval = ReadDuration(message->get_view());
            break;
          case schema::SplitFileRequest::kBytes:
            request.kind = Kind::kBytes;
            request.limit = message->get_uint64();
            break;
          case schema::SplitFileRequest::kByStream:
            request.kind = Kind::kStream;
            request.follower = Text(message);
            break;
          case schema::SplitFileRequest::kOptions:
            options = message->get_bytes();
            break;
          case schema::SplitFileRequest::kWrite:
            write = message->get_bytes();
            break;
          default:
            message->skip();
        }
      }));
  RETURN_IF_ERROR(CheckSplit(request, options.has_value()));
  ASSIGN_OR_RETURN(request.dissect.options,
                   ParseDissectionOptions(options.value_or("")));
  ASSIGN_OR_RETURN(request.write, ParseWriteOptions(write));
  return request;
}

std::string PieceName(const std::string& prefix, uint32_t number,
                      const std::optional<FrameTime>& time) {
  const size_t point = prefix.rfind('.');
  const std::string extension =
      point == std::string::npos ? "" : prefix.substr(point);
  std::string name =
      absl::StrFormat("%s_%05u", prefix.substr(0, point), number);
  if (time.has_value()) {
    const auto seconds = static_cast<time_t>(time->seconds);
    std::tm local = {};
    std::array<char, 64> text = {};
    localtime_r(&seconds, &local);
    std::strftime(text.data(), text.size(), "_%Y%m%d%H%M%S", &local);
    absl::StrAppend(&name, text.data());
  }
  return name + extension;
}

}  // namespace dissectd::engine
