// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/stream_recording.h"

#include <algorithm>

#include "core/base/status_macros.h"

namespace dissectd::engine {

absl::StatusOr<std::unique_ptr<StreamRecording>> StreamRecording::Begin(
    const Follower& follower, const SelectedStream& stream) {
  // make_unique can't call the private constructor.
  std::unique_ptr<StreamRecording> recording(
      new StreamRecording(follower, stream));
  LibraryTap::Options options;
  options.tap = get_follow_tap_string(follower.handle);
  options.filter = stream.filter;
  options.on_packet = get_follow_tap_handler(follower.handle);
  ASSIGN_OR_RETURN(recording->tap_,
                   LibraryTap::Register(options, recording->info_.get()));
  return recording;
}

StreamRecording::StreamRecording(const Follower& follower,
                                 const SelectedStream& stream)
    : follower_(follower), info_(g_new0(follow_info_t, 1)) {
  info_->show_stream = BOTH_HOSTS;
  info_->substream_id = stream.sub_stream;
  // follow_info_free frees it.
  info_->filter_out_filter = g_strdup(stream.filter.c_str());
}

std::vector<const follow_record_t*> StreamRecording::Records() const {
  std::vector<const follow_record_t*> records;
  for (const GList* node = info_->payload; node != nullptr; node = node->next) {
    records.push_back(static_cast<const follow_record_t*>(node->data));
  }
  std::reverse(records.begin(), records.end());
  return records;
}

}  // namespace dissectd::engine
