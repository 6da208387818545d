// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/dissected_frames.h"

#include <utility>

#include "clients/cpp/failure.h"

namespace dissectd {
namespace {

v1::DissectRequest InCompactForm(v1::DissectRequest request) {
  request.mutable_view()->set_form(v1::FORM_COMPACT);
  return request;
}

}  // namespace

DissectedFrames::DissectedFrames(const std::shared_ptr<grpc::Channel>& channel,
                                 v1::DissectRequest request)
    : stream_(channel, InCompactForm(std::move(request)), &context_) {}

DissectedFrames::Iterator DissectedFrames::begin() {
  Next();
  return Iterator(this);
}

void DissectedFrames::Next() {
  if (next_.has_value()) ++*next_;
  while (!next_.has_value() || !(*next_ != *batch_end_)) {
    const v1::DissectResponse* const response = stream_.Next();
    if (response == nullptr) {
      Finish();
      return;
    }
    Take(*response);
  }
  frame_ = &**next_;
}

void DissectedFrames::Take(const v1::DissectResponse& response) {
  switch (response.kind_case()) {
    case v1::DissectResponse::kHeader:
      header_ = response.header();
      break;
    case v1::DissectResponse::kBatch: {
      const FrameDecoder::Frames frames = decoder_.Decode(response.batch());
      next_ = frames.begin();
      batch_end_ = frames.end();
      break;
    }
    case v1::DissectResponse::kCrash:
      crashes_.push_back(response.crash());
      break;
    case v1::DissectResponse::kLost:
      lost_.push_back(response.lost());
      break;
    case v1::DissectResponse::kEnd:
      totals_ = response.end();
      ended_ = true;
      break;
    default:
      // Newer servers may send other kinds.
      break;
  }
}

void DissectedFrames::Finish() {
  frame_ = nullptr;
  status_ = StatusOf(stream_.Finish());
  if (!status_.ok()) return;
  if (!ended_) {
    status_ = absl::DataLossError(
        "The stream ended too early: frames may be missing.");
  } else if (totals_.has_read_error()) {
    status_ = StatusOf(absl::StatusCode::kDataLoss, totals_.read_error());
  }
}

}  // namespace dissectd
