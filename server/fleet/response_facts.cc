// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/response_facts.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include "absl/functional/function_ref.h"
#include "dissectd/v1/dissection.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "server/fleet/fleet_errors.h"

namespace dissectd::server {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Reads a field of a message, whose value comes next. Returns false if it is
// malformed.
using ReadField = absl::FunctionRef<bool(int number, uint32_t tag)>;

// Reads all fields of a message up to the stream's limit.
bool ReadMessage(CodedInputStream* input, ReadField read_field) {
  while (const uint32_t tag = input->ReadTag()) {
    if (!read_field(WireFormatLite::GetTagFieldNumber(tag), tag)) return false;
  }
  return input->ConsumedEntireMessage();
}

bool Skip(CodedInputStream* input, uint32_t tag) {
  return WireFormatLite::SkipField(input, tag);
}

// Reads a message that is a field.
bool ReadSubmessage(CodedInputStream* input, uint32_t tag,
                    ReadField read_field) {
  uint32_t size = 0;
  if (WireFormatLite::GetTagWireType(tag) !=
          WireFormatLite::WIRETYPE_LENGTH_DELIMITED ||
      !input->ReadVarint32(&size)) {
    return false;
  }
  const CodedInputStream::Limit limit =
      input->PushLimit(static_cast<int>(size));
  // The end of all bytes would do for the library.
  const bool ok =
      ReadMessage(input, read_field) && input->BytesUntilLimit() == 0;
  input->PopLimit(limit);
  return ok;
}

bool ReadNumber(CodedInputStream* input, uint32_t tag, uint64_t* value) {
  return WireFormatLite::GetTagWireType(tag) ==
             WireFormatLite::WIRETYPE_VARINT &&
         input->ReadVarint64(value);
}

// Reads a TimeValue or a Timestamp, whose fields have the same numbers.
bool ReadTime(CodedInputStream* input, uint32_t tag, bool zig_zag,
              absl::Time* time) {
  static_assert(int{v1::TimeValue::kSecondsFieldNumber} ==
                    int{google::protobuf::Timestamp::kSecondsFieldNumber} &&
                int{v1::TimeValue::kNanosFieldNumber} ==
                    int{google::protobuf::Timestamp::kNanosFieldNumber});
  *time = absl::UnixEpoch();
  return ReadSubmessage(input, tag, [&](int number, uint32_t inner) {
    uint64_t value = 0;
    if (!ReadNumber(input, inner, &value)) return Skip(input, inner);
    const int64_t amount = zig_zag ? WireFormatLite::ZigZagDecode64(value)
                                   : static_cast<int64_t>(value);
    *time += number == v1::TimeValue::kSecondsFieldNumber
                 ? absl::Seconds(amount)
                 : absl::Nanoseconds(amount);
    return true;
  });
}

// Reads a Frame or a PlainFrame, which have their number and time alike.
bool ReadFrame(CodedInputStream* input, uint32_t tag, bool is_plain,
               ResponseFacts* facts) {
  static_assert(int{v1::Frame::kNumberFieldNumber} ==
                    int{v1::PlainFrame::kNumberFieldNumber} &&
                int{v1::Frame::kTimeFieldNumber} ==
                    int{v1::PlainFrame::kTimeFieldNumber});
  if (facts->is_frame) return false;
  facts->is_frame = true;
  return ReadSubmessage(input, tag, [&](int number, uint32_t inner) {
    uint64_t value = 0;
    switch (number) {
      case v1::Frame::kNumberFieldNumber:
        if (!ReadNumber(input, inner, &value)) return false;
        facts->frame_number = static_cast<uint32_t>(value);
        return true;
      case v1::Frame::kTimeFieldNumber:
        return ReadTime(input, inner, !is_plain, &facts->time.emplace());
      default:
        return Skip(input, inner);
    }
  });
}

bool ReadBatch(CodedInputStream* input, uint32_t tag, bool is_plain,
               ResponseFacts* facts) {
  static_assert(int{v1::FrameBatch::kFramesFieldNumber} ==
                int{v1::PlainBatch::kFramesFieldNumber});
  return ReadSubmessage(input, tag, [&](int number, uint32_t inner) {
    return number == v1::FrameBatch::kFramesFieldNumber
               ? ReadFrame(input, inner, is_plain, facts)
               : Skip(input, inner);
  });
}

// Reads one number of a message.
bool ReadNumberIn(CodedInputStream* input, uint32_t tag, int wanted,
                  uint32_t* result) {
  return ReadSubmessage(input, tag, [&](int number, uint32_t inner) {
    uint64_t value = 0;
    if (number != wanted) return Skip(input, inner);
    if (!ReadNumber(input, inner, &value)) return false;
    *result = static_cast<uint32_t>(value);
    return true;
  });
}

bool ReadLost(CodedInputStream* input, uint32_t tag, ResponseFacts* facts) {
  return ReadSubmessage(input, tag, [&](int number, uint32_t inner) {
    uint64_t value = 0;
    switch (number) {
      case v1::FramesLost::kFirstFrameFieldNumber:
        if (!ReadNumber(input, inner, &value)) return false;
        facts->first_lost_frame = static_cast<uint32_t>(value);
        return true;
      case v1::FramesLost::kLastFrameFieldNumber:
        if (!ReadNumber(input, inner, &value)) return false;
        facts->last_lost_frame = static_cast<uint32_t>(value);
        return true;
      default:
        return Skip(input, inner);
    }
  });
}

bool ReadResponse(CodedInputStream* input, ResponseFacts* facts) {
  using Response = v1::DissectResponse;
  return ReadMessage(input, [&](int number, uint32_t tag) {
    switch (number) {
      case Response::kHeaderFieldNumber:
        facts->is_header = true;
        return Skip(input, tag);
      case Response::kBatchFieldNumber:
        return ReadBatch(input, tag, false, facts);
      case Response::kPlainBatchFieldNumber:
        return ReadBatch(input, tag, true, facts);
      case Response::kCrashFieldNumber:
        return ReadNumberIn(input, tag, v1::Crash::kFrameNumberFieldNumber,
                            &facts->frame_number);
      case Response::kLostFieldNumber:
        return ReadLost(input, tag, facts);
      default:
        return Skip(input, tag);
    }
  });
}

}  // namespace

absl::StatusOr<ResponseFacts> ReadResponseFacts(
    const grpc::ByteBuffer& response) {
  // The reader takes a buffer that isn't const; a copy shares the bytes.
  grpc::ByteBuffer bytes = response;
  grpc::ProtoBufferReader reader(&bytes);
  CodedInputStream input(&reader);
  ResponseFacts facts;
  if (!reader.status().ok() || !ReadResponse(&input, &facts)) {
    return errors::NodeProtocolError();
  }
  return facts;
}

}  // namespace dissectd::server
