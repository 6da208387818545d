// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/dissect_stream.h"

#include <string>
#include <utility>

#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/slice.h"

namespace dissectd {
namespace {

constexpr char kMethod[] = "/dissectd.v1.DissectionService/Dissect";
// Large enough for most messages as objects, so that the block is reused.
constexpr size_t kFirstBlockBytes = 4 << 20;

std::unique_ptr<google::protobuf::Arena> MakeArena(char* block) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block;
  options.initial_block_size = kFirstBlockBytes;
  options.max_block_size = 1 << 20;
  return std::make_unique<google::protobuf::Arena>(options);
}

}  // namespace

DissectStream::DissectStream(const std::shared_ptr<grpc::Channel>& channel,
                             const v1::DissectRequest& request,
                             grpc::ClientContext* context)
    : context_(context),
      stub_(channel),
      first_block_(new char[kFirstBlockBytes]),
      arena_(MakeArena(first_block_.get())) {
  call_ = stub_.PrepareCall(context_, kMethod, &queue_);
  call_->StartCall(this);
  if (!Wait()) return;
  grpc::Slice slice(request.SerializeAsString());
  call_->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), this);
  // If the write fails, Finish returns the reason.
  if (Wait()) StartRead();
}

DissectStream::~DissectStream() {
  context_->TryCancel();
  if (reading_) Wait();
  if (!finished_) {
    grpc::Status ignored;
    call_->Finish(&ignored, this);
    Wait();
  }
  queue_.Shutdown();
  void* tag;
  bool ok;
  while (queue_.Next(&tag, &ok)) {
  }
}

bool DissectStream::Wait() {
  void* tag;
  bool ok = false;
  return queue_.Next(&tag, &ok) && ok;
}

void DissectStream::StartRead() {
  incoming_.Clear();
  call_->Read(&incoming_, this);
  reading_ = true;
}

const v1::DissectResponse* DissectStream::Next() {
  if (!reading_) return nullptr;
  reading_ = false;
  if (!Wait()) return nullptr;
  grpc::ByteBuffer received;
  received.Swap(&incoming_);
  StartRead();
  bytes_received_ += received.Length();

  arena_->Reset();
  auto* response =
      google::protobuf::Arena::CreateMessage<v1::DissectResponse>(arena_.get());
  grpc::ProtoBufferReader reader(&received);
  if (!response->ParseFromZeroCopyStream(&reader)) {
    malformed_ = true;
    return nullptr;
  }
  return response;
}

grpc::Status DissectStream::Finish() {
  if (malformed_) {
    return grpc::Status(grpc::StatusCode::INTERNAL,
                        "The server sent a malformed message");
  }
  grpc::Status status;
  call_->Finish(&status, this);
  Wait();
  finished_ = true;
  return status;
}

}  // namespace dissectd
