// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_PROTOCOL_COUNT_H_
#define CORE_DISSECTION_PROTOCOL_COUNT_H_

#include "absl/status/status.h"
#include "core/dissection/live_dissection.h"
#include "core/dissection/live_source.h"
#include "core/epan/capture_file.h"
#include "core/epan/epan.h"
#include "core/ipc/worker_channel.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// Counts the frames of a live capture by protocol: dissects it with one stream
// whose sink is a ProtocolCounter.
class ProtocolCount : private LiveDissection::Owner {
 public:
  // `settings` are those of LiveDissection. Nothing is owned; everything
  // outlives this.
  ProtocolCount(const DissectRequest& settings, CaptureFile file, Epan* epan,
                WorkerChannel* channel, LiveSource* live);

  // Sends counts until the capture ends. Errors: those of LiveDissection.
  absl::Status Run();

 private:
  absl::Status OnMessage(const WorkerChannel::Message&) override {
    return UnexpectedMessage();
  }
  absl::Status OnStreamEnd(const LiveStream&) override {
    return absl::OkStatus();
  }
  absl::Status OnSlowStream(const LiveStream&) override {
    return absl::OkStatus();
  }

  WorkerChannel* const channel_;
  LiveDissection dissection_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_PROTOCOL_COUNT_H_
