// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/fleet/merged_frames.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/crash_text.h"
#include "clients/cli/error_text.h"
#include "clients/cli/fleet/fleet_call.h"
#include "clients/cli/format/frame_colors.h"
#include "clients/cli/make_formatter.h"

namespace dissectd::cli {
namespace {

// The end of a capture that had no packet yet isn't an error.
constexpr char kNoFileReason[] = "CAPTURE_HAS_NO_FILE";
constexpr char kFilterReason[] = "DISPLAY_FILTER_INVALID";
// The reason of the error that follows the report of a crash.
constexpr char kCrashedReason[] = "WORKER_CRASHED";

}  // namespace

MergedFrames::MergedFrames(const PrintOptions& options)
    : options_(options), lines_(options, output_.buffer()) {}

MergedFrames::~MergedFrames() {
  if (!began_ || !options_.print || !options_.color_terminal) return;
  output_.buffer()->Append(kDefaultColors);
  output_.Flush().IgnoreError();
}

absl::Status MergedFrames::Take(const v1::DissectNodesResponse& message) {
  if (message.late()) ++late_frames_;
  switch (message.kind_case()) {
    case v1::DissectNodesResponse::kStarted:
      Start(message);
      break;
    case v1::DissectNodesResponse::kResponse:
      if (const auto stream = streams_.find(message.stream());
          stream != streams_.end()) {
        TakeResponse(message.response(), stream->second.get());
      }
      break;
    case v1::DissectNodesResponse::kEnded:
      End(message);
      break;
    default:
      // Newer servers may send other kinds.
      break;
  }
  return output_.Flush();
}

void MergedFrames::Start(const v1::DissectNodesResponse& message) {
  auto stream = std::make_unique<Stream>();
  stream->node = NodeText(message.node());
  lines_.MakeRoomFor(stream->node);
  stream->options = options_;
  stream->options.node = stream->node;
  stream->formatter = MakeFormatter(stream->options, &text_);
  streams_[message.stream()] = std::move(stream);
}

void MergedFrames::End(const v1::DissectNodesResponse& message) {
  streams_.erase(message.stream());
  const v1::NodeStreamEnded& ended = message.ended();
  if (!ended.has_failure() || ended.failure().reason() == kCrashedReason) {
    return;
  }
  const std::string node = NodeText(message.node());
  if (!ended.retrying()) return Fail(node, ended.failure());
  PrintError(absl::StrCat(node, ": ",
                          absl::StripSuffix(ended.failure().message(), "."),
                          "; trying again."));
}

void MergedFrames::Fail(const std::string& node, const v1::Failure& failure) {
  if (failure.reason() == kNoFileReason) return;
  if (failure.reason() == kFilterReason &&
      std::exchange(filter_error_told_, true)) {
    return;
  }
  code_ = FirstFailure(code_, ReportNodeFailure(node, failure));
}

void MergedFrames::TakeResponse(const v1::DissectResponse& response,
                                Stream* stream) {
  switch (response.kind_case()) {
    case v1::DissectResponse::kHeader:
      began_ = true;
      for (const std::string& notice : response.header().notices()) {
        PrintError(absl::StrCat(stream->node, ": ",
                                options_.attached.WithPaths(notice)));
      }
      if (stream->formatter == nullptr) break;
      text_.Clear();
      stream->formatter->Begin(response.header());
      lines_.AppendHead(text_.view());
      break;
    case v1::DissectResponse::kBatch:
      PrintFrames(response.batch(), stream);
      break;
    case v1::DissectResponse::kCrash:
      PrintError(absl::StrCat(stream->node, ": ", CrashText(response.crash())));
      code_ = FirstFailure(code_, kExitServer);
      break;
    case v1::DissectResponse::kLost:
      PrintError(absl::StrCat(stream->node, ": The frames ",
                              response.lost().first_frame(), " to ",
                              response.lost().last_frame(),
                              " were deleted before they could be read."));
      break;
    default:
      break;
  }
}

void MergedFrames::PrintFrames(const v1::FrameBatch& batch, Stream* stream) {
  frames_ += static_cast<uint64_t>(batch.frames_size());
  for (const FrameView& frame : stream->decoder.Decode(batch)) {
    if (stream->formatter == nullptr) continue;
    text_.Clear();
    stream->formatter->WriteFrame(frame);
    lines_.Append(stream->node, text_.view());
  }
}

}  // namespace dissectd::cli
