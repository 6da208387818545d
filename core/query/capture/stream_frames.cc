// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/capture/stream_frames.h"

#include <map>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/analysis/follow_request.h"
#include "core/analysis/follower.h"
#include "core/base/status_macros.h"
#include "core/dissection/file_dissection.h"
#include "core/encode/frame_sink.h"
#include "core/epan/capture_file.h"
#include "core/query/query_settings.h"

namespace dissectd::engine {
namespace {

// Notes the stream of each frame.
class StreamSink final : public FrameSink {
 public:
  // `follower` is not owned and outlives this.
  explicit StreamSink(const Follower& follower) : follower_(follower) {}

  FrameNeeds needs() const override {
    FrameNeeds needs;
    needs.tree = true;
    needs.visible_tree = true;
    return needs;
  }

  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet*) override {
    const std::optional<uint32_t> number = StreamOfFrame(follower_, edt);
    const auto [place, added] = places_.emplace(number, frames_.streams.size());
    if (added) frames_.streams.push_back({number, {}});
    frames_.streams[place->second].frames.push_back(
        {frame.num, frame.file_off});
    return absl::OkStatus();
  }

  StreamFrames TakeFrames() { return std::move(frames_); }

 private:
  const Follower& follower_;
  std::map<std::optional<uint32_t>, size_t> places_;
  StreamFrames frames_;
};

}  // namespace

absl::StatusOr<StreamFrames> FindStreamFrames(const QueryContext& context,
                                              const SplitRequest& request) {
  ASSIGN_OR_RETURN(const Follower* const follower,
                   RequireFollower(request.follower));
  if (!HasNumberedStreams(*follower)) {
    return SplitInvalid(
        absl::StrCat("Streams of ", follower->name, " have no numbers."));
  }
  RETURN_IF_ERROR(ApplyQuerySettings(context, request.dissect));
  ASSIGN_OR_RETURN(CaptureFile file,
                   CaptureFile::Open(context.capture, context.capture_name,
                                     request.dissect.options.two_pass));
  StreamSink sink(*follower);
  ASSIGN_OR_RETURN(const std::unique_ptr<FileDissection> dissection,
                   FileDissection::Create(request.dissect, std::move(file),
                                          {context.epan, &sink}));
  RETURN_IF_ERROR(dissection->Run());
  return sink.TakeFrames();
}

}  // namespace dissectd::engine
