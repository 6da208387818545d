// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/engine/testing/session_driver.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd {

std::string SessionAnswer::Reason() const {
  Answer answer;
  answer.status = status;
  return answer.Failure().reason();
}

SessionAnswer Ask(DrivenWorker* process, ipc::Query query,
                  const std::string& request) {
  ipc::QueryHeader header = {};
  header.query = query;
  process->SendMessage(ipc::MessageType::kQuery,
                       std::string(ipc::BytesOf(header)) + request);
  SessionAnswer answer;
  while (const auto frame = process->NextFrame()) {
    // Ends of forks come in between.
    if (frame->type == ipc::MessageType::kForkEnded) continue;
    if (frame->type == ipc::MessageType::kStatus) {
      EXPECT_TRUE(answer.status.emplace().ParseFromString(frame->payload));
      break;
    }
    EXPECT_EQ(frame->type, ipc::MessageType::kMessage);
    answer.messages.push_back(frame->payload);
  }
  return answer;
}

SessionAnswer Skip(DrivenWorker* process, uint32_t last_frame) {
  return Ask(process, ipc::Query::kSkipFrames,
             std::string(ipc::BytesOf(ipc::SkipFrames{last_frame})));
}

std::string FromTheStart(const v1::DissectRequest& request) {
  const ipc::DissectionStart start = {};
  return std::string(ipc::BytesOf(start)) + request.SerializeAsString();
}

std::string Selected(const std::string& bitmap,
                     const std::vector<uint32_t>& frames,
                     const google::protobuf::Message& request) {
  const ipc::FrameSelection selection = {static_cast<uint32_t>(bitmap.size()),
                                         static_cast<uint32_t>(frames.size())};
  std::string payload(ipc::BytesOf(selection));
  payload += bitmap;
  for (const uint32_t frame : frames) {
    payload += std::string(ipc::BytesOf(frame));
  }
  return payload + request.SerializeAsString();
}

DrivenSession::DrivenSession(EngineDriver* engine, const std::string& capture,
                             const std::string& name,
                             const v1::OpenSessionRequest& request)
    : root_(engine->Start(ipc::WorkerKind::kSession, capture)) {
  root_->SendMessage(ipc::MessageType::kCaptureName, name);
  opened_ =
      Ask(root_.get(), ipc::Query::kOpenSession, request.SerializeAsString())
          .Only<v1::OpenSessionResponse>()
          .session();
  reader_ = Fork(root_.get());
  const SessionAnswer read = Ask(reader_.get(), ipc::Query::kReadSession, "");
  EXPECT_TRUE(read.ok());
  v1::OpenSessionResponse last;
  EXPECT_TRUE(!read.messages.empty() &&
              last.ParseFromString(read.messages.back()));
  read_ = last.session();
}

}  // namespace dissectd
