// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/engine/testing/live_driver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd {
namespace {

// Returns the struct at the front of a payload.
template <typename T>
T StructOf(const std::string& payload) {
  T value = {};
  EXPECT_GE(payload.size(), sizeof(value));
  std::memcpy(&value, payload.data(), std::min(payload.size(), sizeof(value)));
  return value;
}

}  // namespace

std::vector<uint32_t> StreamRecord::FrameNumbers() const {
  std::vector<uint32_t> numbers;
  for (const std::string& message : messages) {
    v1::DissectResponse response;
    EXPECT_TRUE(response.ParseFromString(message));
    for (const v1::Frame& frame : response.batch().frames()) {
      numbers.push_back(frame.number());
    }
  }
  return numbers;
}

v1::DissectResponse StreamRecord::LastMessage() const {
  v1::DissectResponse response;
  EXPECT_TRUE(!messages.empty() && response.ParseFromString(messages.back()));
  return response;
}

LiveDriver::LiveDriver(EngineDriver* engine, const std::string& capture,
                       const v1::DissectRequest& first, uint64_t first_record)
    : worker_(engine->Start(ipc::WorkerKind::kLive, capture)) {
  worker_->SendMessage(ipc::MessageType::kCaptureName, "live.pcap");
  worker_->SendMessage(ipc::MessageType::kFollow, first.SerializeAsString());
  worker_->SendMessage(
      ipc::MessageType::kLiveFile,
      absl::StrCat(ipc::BytesOf(ipc::LiveFile{first_record}), "live.pcap"));
  SendAdd(first, ipc::StreamOrigin::kBeginning, {});
  ReadUntilWait();
}

void LiveDriver::SendState(ipc::LiveState state) {
  worker_->SendMessage(ipc::MessageType::kLiveState,
                       std::string(ipc::BytesOf(state)));
  ReadUntilWait();
}

void LiveDriver::Announce(uint64_t records) { SendState({records, 0, 0}); }

void LiveDriver::Complete() {
  SendState({0, 1, 0});
  EXPECT_EQ(want_.at_end, 1u);
}

void LiveDriver::NextFile(const std::string& capture, uint64_t first_record) {
  worker_->SendMessageWithFile(
      ipc::MessageType::kLiveFile,
      absl::StrCat(ipc::BytesOf(ipc::LiveFile{first_record}), "next.pcap"),
      capture);
  ReadUntilWait();
}

void LiveDriver::End() {
  Complete();
  SendState({0, 1, 1});
}

void LiveDriver::SendAdd(const v1::DissectRequest& request,
                         ipc::StreamOrigin origin, ipc::StreamState state) {
  state.stream = ++last_stream_;
  worker_->SendMessage(
      ipc::MessageType::kAddStream,
      absl::StrCat(ipc::BytesOf(ipc::AddStream{state, origin, 0}),
                   request.SerializeAsString()));
}

ipc::StreamNumber LiveDriver::Add(const v1::DissectRequest& request,
                                  ipc::StreamOrigin origin,
                                  const ipc::StreamState& state) {
  SendAdd(request, origin, state);
  HandOver();
  return last_stream_;
}

void LiveDriver::SendNumber(ipc::MessageType type, ipc::StreamNumber stream) {
  worker_->SendMessage(type, std::string(ipc::BytesOf(stream)));
}

void LiveDriver::AddReader(ipc::StreamNumber stream) {
  SendNumber(ipc::MessageType::kAddReader, stream);
}

void LiveDriver::Remove(ipc::StreamNumber stream) {
  SendNumber(ipc::MessageType::kRemoveStream, stream);
}

std::vector<ipc::StreamState> LiveDriver::HandOver() {
  worker_->SendMessage(ipc::MessageType::kHandOver, "");
  ReadUntilWait();
  return states_;
}

void LiveDriver::ReadUntilWait() {
  while (const auto frame = worker_->NextFrame()) {
    if (Take(*frame)) return;
  }
  ADD_FAILURE() << "the worker is gone";
}

bool LiveDriver::Take(const DrivenWorker::RawMessage& frame) {
  switch (frame.type) {
    case ipc::MessageType::kReadRequest:
      want_ = StructOf<ipc::ReadRequest>(frame.payload);
      return true;
    case ipc::MessageType::kStatus:
      EXPECT_TRUE(status_.emplace().ParseFromString(frame.payload));
      return true;
    case ipc::MessageType::kStreamStates:
      states_.resize(frame.payload.size() / sizeof(ipc::StreamState));
      std::memcpy(states_.data(), frame.payload.data(), frame.payload.size());
      return true;
    case ipc::MessageType::kStreamEnded: {
      const auto number = StructOf<ipc::StreamNumber>(frame.payload);
      EXPECT_TRUE(streams_[number].end.emplace().ParseFromString(
          frame.payload.substr(sizeof(number))));
      return false;
    }
    case ipc::MessageType::kStreamMessage:
      TakeMessage(frame.payload);
      return false;
    default:
      ADD_FAILURE() << "a message of type " << static_cast<int>(frame.type);
      return false;
  }
}

void LiveDriver::TakeMessage(const std::string& payload) {
  const auto kind = StructOf<ipc::StreamMessage>(payload);
  const std::string message = payload.substr(sizeof(kind));
  v1::DissectResponse response;
  EXPECT_TRUE(response.ParseFromString(message));
  EXPECT_EQ(kind.has_totals != 0,
            response.has_progress() || response.has_end());
  if (response.has_progress()) return;
  streams_[kind.stream].messages.push_back(message);
  streams_[kind.stream].kinds.push_back(kind);
}

}  // namespace dissectd
