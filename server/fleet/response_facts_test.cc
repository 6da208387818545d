// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/response_facts.h"

#include <grpcpp/support/slice.h>
#include <gtest/gtest.h>

#include <string>

#include "dissectd/v1/dissection.pb.h"
#include "server/rpc/message_bytes.h"

namespace dissectd::server {
namespace {

ResponseFacts FactsOf(const v1::DissectResponse& response) {
  const absl::StatusOr<ResponseFacts> facts =
      ReadResponseFacts(SerializeMessage(response));
  EXPECT_TRUE(facts.ok()) << facts.status();
  return facts.ok() ? *facts : ResponseFacts();
}

TEST(ResponseFactsTest, ACompactFrameHasItsNumberAndTime) {
  v1::DissectResponse response;
  v1::FrameBatch* batch = response.mutable_batch();
  batch->add_strings("");
  batch->add_fields()->set_id(7);
  v1::Frame* frame = batch->add_frames();
  frame->set_number(4'000'000'000);
  frame->mutable_time()->set_seconds(1'700'000'000);
  frame->mutable_time()->set_nanos(5);
  frame->set_captured_length(60);
  const ResponseFacts facts = FactsOf(response);
  EXPECT_TRUE(facts.is_frame);
  EXPECT_FALSE(facts.is_header);
  EXPECT_EQ(facts.frame_number, 4'000'000'000);
  EXPECT_EQ(facts.time,
            absl::FromUnixSeconds(1'700'000'000) + absl::Nanoseconds(5));
}

TEST(ResponseFactsTest, TimesBefore1970AreThere) {
  v1::DissectResponse compact;
  v1::Frame* frame = compact.mutable_batch()->add_frames();
  frame->mutable_time()->set_seconds(-3);
  frame->mutable_time()->set_nanos(400);
  const absl::Time time = absl::FromUnixSeconds(-3) + absl::Nanoseconds(400);
  EXPECT_EQ(FactsOf(compact).time, time);
  v1::DissectResponse plain;
  v1::PlainFrame* plain_frame = plain.mutable_plain_batch()->add_frames();
  plain_frame->set_number(2);
  plain_frame->mutable_time()->set_seconds(-3);
  plain_frame->mutable_time()->set_nanos(400);
  EXPECT_EQ(FactsOf(plain).time, time);
  EXPECT_EQ(FactsOf(plain).frame_number, 2u);
}

TEST(ResponseFactsTest, AFrameWithoutATimeHasNone) {
  v1::DissectResponse response;
  response.mutable_plain_batch()->add_frames()->set_number(3);
  EXPECT_TRUE(FactsOf(response).is_frame);
  EXPECT_EQ(FactsOf(response).time, std::nullopt);
}

TEST(ResponseFactsTest, OtherMessagesTellWhereToGoOn) {
  v1::DissectResponse response;
  response.mutable_header()->set_wireshark_version("4.0.17");
  EXPECT_TRUE(FactsOf(response).is_header);
  response.mutable_crash()->set_frame_number(8);
  EXPECT_EQ(FactsOf(response).frame_number, 8u);
  EXPECT_FALSE(FactsOf(response).is_frame);
  response.mutable_lost()->set_first_frame(4);
  response.mutable_lost()->set_last_frame(9);
  EXPECT_EQ(FactsOf(response).first_lost_frame, 4u);
  EXPECT_EQ(FactsOf(response).last_lost_frame, 9u);
  response.mutable_progress()->set_frames_read(10);
  EXPECT_EQ(FactsOf(response).frame_number, 0u);
}

TEST(ResponseFactsTest, SeveralFramesAreAnError) {
  v1::DissectResponse response;
  response.mutable_batch()->add_frames()->set_number(1);
  response.mutable_batch()->add_frames()->set_number(2);
  EXPECT_FALSE(ReadResponseFacts(SerializeMessage(response)).ok());
}

// Whatever a node sends, the fleet goes on.
TEST(ResponseFactsTest, DamagedMessagesAreErrorsOrHarmless) {
  v1::DissectResponse response;
  v1::Frame* frame = response.mutable_batch()->add_frames();
  frame->set_number(300);
  frame->mutable_time()->set_seconds(1'700'000'000);
  const std::string bytes = response.SerializeAsString();
  int errors = 0;
  for (size_t size = 1; size < bytes.size(); ++size) {
    const grpc::Slice slice(bytes.substr(0, size));
    if (!ReadResponseFacts(grpc::ByteBuffer(&slice, 1)).ok()) ++errors;
  }
  EXPECT_EQ(errors, static_cast<int>(bytes.size()) - 1);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    const grpc::Slice slice(damaged);
    static_cast<void>(ReadResponseFacts(grpc::ByteBuffer(&slice, 1)));
  }
}

}  // namespace
}  // namespace dissectd::server
