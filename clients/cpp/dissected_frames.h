// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_DISSECTED_FRAMES_H_
#define CLIENTS_CPP_DISSECTED_FRAMES_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "clients/cpp/dissect_stream.h"
#include "clients/cpp/frame_decoder.h"
#include "clients/cpp/frame_view.h"
#include "dissectd/v1/dissection.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace dissectd {

// The frames of a dissection, each decoded when it is reached:
//
//   DissectedFrames frames(channel, request);
//   for (const FrameView& frame : frames) ...
//   if (!frames.status().ok()) ...
//
// The frames can be read once, and each is valid until the next one is read.
// The call is cancelled when this is destroyed.
//
// Thread-compatible.
class DissectedFrames {
 public:
  struct End {};

  class Iterator {
   public:
    explicit Iterator(DissectedFrames* frames) : frames_(frames) {}

    const FrameView& operator*() const { return *frames_->frame_; }
    const FrameView* operator->() const { return frames_->frame_; }
    Iterator& operator++() {
      frames_->Next();
      return *this;
    }
    bool operator!=(End) const { return frames_->frame_ != nullptr; }

   private:
    DissectedFrames* frames_;
  };

  // Starts the call, always for the compact form.
  DissectedFrames(const std::shared_ptr<grpc::Channel>& channel,
                  v1::DissectRequest request);
  DissectedFrames(const DissectedFrames&) = delete;
  DissectedFrames& operator=(const DissectedFrames&) = delete;

  // Reads the first frame. Call it once.
  Iterator begin();
  End end() const { return {}; }

  // Returns why there are no more frames: OK if all were read, or the capture
  // is still being read. If the capture is damaged, the frames before that were
  // read. FailureOf returns the details.
  const absl::Status& status() const { return status_; }

  // What is known about the whole stream, such as its columns; empty before
  // `begin`.
  const v1::StreamHeader& header() const { return header_; }

  // Frames that are missing because they crashed a process of the daemon, or
  // because a ring buffer deleted them before they were read.
  const std::vector<v1::Crash>& crashes() const { return crashes_; }
  const std::vector<v1::FramesLost>& lost() const { return lost_; }

  // The totals, at the end.
  const v1::StreamEnd& totals() const { return totals_; }

  // Cancels the call. Thread-safe.
  void Cancel() { context_.TryCancel(); }

 private:
  void Next();
  void Take(const v1::DissectResponse& response);
  void Finish();

  grpc::ClientContext context_;
  DissectStream stream_;
  FrameDecoder decoder_;
  // The frames of the last batch that are left.
  absl::optional<FrameDecoder::Iterator> next_;
  absl::optional<FrameDecoder::Iterator> batch_end_;
  const FrameView* frame_ = nullptr;
  v1::StreamHeader header_;
  v1::StreamEnd totals_;
  bool ended_ = false;
  std::vector<v1::Crash> crashes_;
  std::vector<v1::FramesLost> lost_;
  absl::Status status_;
};

}  // namespace dissectd

#endif  // CLIENTS_CPP_DISSECTED_FRAMES_H_
