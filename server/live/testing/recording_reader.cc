// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/live/testing/recording_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/engine/worker_socket.h"

namespace dissectd::server {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

}  // namespace

RecordingReader::RecordingReader(WorkerParent* engine,
                                 v1::DissectRequest request,
                                 std::string principal)
    : engine_(engine),
      principal_{std::move(principal)},
      request_(std::move(request)) {}

std::vector<std::string> RecordingReader::Heard() const {
  absl::MutexLock lock(&mutex_);
  return heard_;
}

std::vector<std::string> RecordingReader::AwaitHeard(size_t count) const {
  absl::MutexLock lock(&mutex_);
  const auto enough = [this, count] {
    mutex_.AssertReaderHeld();
    return heard_.size() >= count;
  };
  EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&enough), kPatience))
      << "a reader hears too little";
  return heard_;
}

void RecordingReader::Note(const std::string& line) {
  absl::MutexLock lock(&mutex_);
  heard_.push_back(line);
}

void RecordingReader::OnWorker(std::shared_ptr<LiveWorker> worker) {
  worker_ = std::move(worker);
}

void RecordingReader::OnHeader(const grpc::ByteBuffer& header) {
  Note(absl::StrCat("header ", BytesOf(header)));
}

void RecordingReader::OnMessage(const grpc::ByteBuffer& message,
                                uint32_t last_frame, uint64_t frames_sent) {
  // As in a call, the rest of the request begins after the frames that it has.
  request_.mutable_view()->mutable_range()->set_first_frame(last_frame + 1);
  frames_sent_ = frames_sent;
  Note(absl::StrCat(BytesOf(message), " to ", last_frame, ", ", frames_sent,
                    " sent"));
}

void RecordingReader::OnEnd(const std::optional<grpc::ByteBuffer>& last_message,
                            const absl::Status& status) {
  worker_.reset();
  if (last_message.has_value()) Note("last message");
  Note(absl::StrCat("end ", absl::StatusCodeToString(status.code())));
}

void RecordingReader::OnDropped(bool too_slow) {
  worker_.reset();
  alone_ = alone_ || too_slow;
  Note(too_slow ? "too slow" : "dropped");
}

}  // namespace dissectd::server
