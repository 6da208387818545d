// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/dissection.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/decoding/plain_frames.h"

namespace dissectd {

v1::Failure FailureOf(const grpc::Status& status) {
  v1::StatusDetails details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), status.error_code());
  EXPECT_EQ(details.message(), status.error_message());
  EXPECT_FALSE(status.error_message().empty());
  v1::Failure failure;
  failure.set_message(details.message());
  int infos = 0;
  for (const google::protobuf::Any& any : details.details()) {
    v1::InvalidText text;
    if (any.type_url() == "type.googleapis.com/google.rpc.ErrorInfo") {
      ++infos;
      v1::ErrorInfo info;
      EXPECT_TRUE(info.ParseFromString(any.value()));
      EXPECT_EQ(info.domain(), "dissectd.alt");
      failure.set_reason(info.reason());
      *failure.mutable_metadata() = info.metadata();
    } else if (any.UnpackTo(&text)) {
      *failure.mutable_span() = text.span();
    }
  }
  EXPECT_EQ(infos, 1);
  return failure;
}

v1::DissectRequest RequestFor(const std::string& file) {
  v1::DissectRequest request;
  request.set_file("files/" + file);
  return request;
}

Dissection::Dissection(const std::shared_ptr<grpc::Channel>& channel,
                       const v1::DissectRequest& request)
    : stub_(v1::DissectionService::NewStub(channel)),
      reader_(stub_->Dissect(&context_, request)) {}

Dissection::~Dissection() {
  if (finished_) return;
  context_.TryCancel();
  Finish();
}

bool Dissection::Next(v1::DissectResponse* response) {
  return reader_->Read(response);
}

grpc::Status Dissection::Finish() {
  finished_ = true;
  return reader_->Finish();
}

std::vector<v1::PlainFrame> DissectionResult::Frames() const {
  return PlainFrames(messages);
}

const v1::DissectResponse& DissectionResult::Last() const {
  static const v1::DissectResponse kNone;
  return messages.empty() ? kNone : messages.back();
}

DissectionResult Dissect(const std::shared_ptr<grpc::Channel>& channel,
                         const v1::DissectRequest& request) {
  Dissection call(channel, request);
  DissectionResult result;
  v1::DissectResponse response;
  while (call.Next(&response)) result.messages.push_back(std::move(response));
  result.status = call.Finish();
  return result;
}

}  // namespace dissectd
