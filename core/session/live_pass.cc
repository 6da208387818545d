// SPDX-License-Identifier: GPL-2.0-or-later

// The single pass of a Dissection over a capture that is still being written:
// it waits for records, goes from file to file, and numbers frames through all
// of them.

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "core/base/status_macros.h"
#include "core/session/dissection.h"

namespace dissectd {
namespace {

// How much has gone into libwireshark's state since it was empty.
class StateAge {
 public:
  explicit StateAge(const LiveOptions& limits) : limits_(&limits) {}

  void Add(const frame_data& frame) {
    ++frames_;
    bytes_ += frame.cap_len;
  }

  bool IsOver() const {
    return (limits_->reset_after_frames != 0 &&
            frames_ >= limits_->reset_after_frames) ||
           (limits_->reset_after_mib != 0 &&
            bytes_ >> 20 >= limits_->reset_after_mib);
  }

 private:
  const LiveOptions* limits_;
  uint32_t frames_ = 0;
  uint64_t bytes_ = 0;
};

}  // namespace

absl::Status Dissection::RunLive() {
  RETURN_IF_ERROR(CountFromFirstRecord());
  EpanDissectPtr edt = NewFinalEdt();
  StateAge age(request_.live);
  while (!IsOver()) {
    RETURN_IF_ERROR(AwaitRecord());
    if (IsOver()) break;
    frame_data* frame = NextFrame();
    if (frame == nullptr) {
      EndLiveFile();
      continue;
    }
    live_->CountRecord();
    age.Add(*frame);
    RETURN_IF_ERROR(DissectForView(edt.get(), frame));
    RETURN_IF_ERROR(MaybeSendProgress(1));
    if (!age.IsOver()) continue;
    age = StateAge(request_.live);
    // It belongs to the state.
    edt.reset();
    ResetState();
    edt = NewFinalEdt();
  }
  return absl::OkStatus();
}

void Dissection::ResetState() {
  // The frames before, for times between them, are no part of it.
  const packet_provider_data before = provider_;
  epan_->Close();
  PrepareEpan();
  provider_ = before;
}

absl::Status Dissection::AwaitRecord() {
  while (!live_->CanRead()) {
    // All that there is goes to the client before anything is waited for.
    RETURN_IF_ERROR(sink_->Flush());
    ASSIGN_OR_RETURN(const LiveSource::Change change, live_->Await());
    switch (change) {
      case LiveSource::Change::kMore:
        file_.ClearEndOfFile();
        break;
      case LiveSource::Change::kNextFile:
        RETURN_IF_ERROR(OpenNextFile());
        break;
      case LiveSource::Change::kOver:
        end_reached_ = true;
        return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

void Dissection::EndLiveFile() {
  // An error ends the stream.
  if (file_.error().has_value()) return;
  end_reached_ = false;
  if (live_->is_complete()) {
    live_->SetAtEnd();
  } else {
    live_->SetCutShort();
  }
}

absl::Status Dissection::OpenNextFile() {
  const LiveSource::File& next = live_->file();
  const absl::Cleanup close_file = [&next] { close(next.fd); };
  ASSIGN_OR_RETURN(file_, CaptureFile::Open(next.fd, next.name,
                                            /*random_access=*/false));
  ConnectFile();
  return CountFromFirstRecord();
}

absl::Status Dissection::CountFromFirstRecord() {
  const auto before = static_cast<uint32_t>(live_->file().first_record - 1);
  const uint32_t next = frames_read_ + 1;
  frames_read_ = before;
  // Those before the view are not missed.
  const uint32_t first = std::max(next, request_.view.range.first);
  if (first > before) return absl::OkStatus();
  return sink_->SendLost(first, before);
}

}  // namespace dissectd
