// SPDX-License-Identifier: GPL-2.0-or-later

// Tests dissecting captures while they are written and afterwards.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

constexpr char kPayloadField[] = "udp.payload";

// Returns a request for the fields that the tests look at.
v1::DissectRequest RequestFor(const v1::Capture& capture) {
  v1::DissectRequest request = LiveDissection::RequestFor(capture.name());
  request.mutable_view()->add_fields(kPayloadField);
  return request;
}

v1::CaptureOptions Ring(uint64_t packets, uint32_t files) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_ring()->set_packets(packets);
  options.mutable_ring()->set_files(files);
  return options;
}

// Returns the numbers that SendUdp put in the payloads.
std::vector<uint32_t> NumbersOf(const std::vector<v1::PlainFrame>& frames) {
  std::vector<uint32_t> numbers;
  for (const v1::PlainFrame& frame : frames) {
    EXPECT_EQ(frame.fields_size(), 1);
    if (frame.fields_size() != 1) continue;
    uint32_t number = 0;
    for (const char byte : frame.fields(0).bytes_value().substr(0, 4)) {
      number = number << 8 | static_cast<unsigned char>(byte);
    }
    numbers.push_back(number);
  }
  return numbers;
}

// Expects that each frame was either sent or lost, in order, and holds the
// packet with its number.
void ExpectAllSentOrLost(LiveDissection* dissection, uint32_t frames) {
  uint32_t next = 1;
  for (const v1::DissectResponse& message : dissection->Messages()) {
    if (message.has_lost()) {
      EXPECT_EQ(message.lost().first_frame(), next);
      EXPECT_GE(message.lost().last_frame(), message.lost().first_frame());
      next = message.lost().last_frame() + 1;
    }
    for (const v1::Frame& frame : message.batch().frames()) {
      EXPECT_EQ(frame.number(), next++);
    }
  }
  EXPECT_EQ(next, frames + 1);
  EXPECT_EQ(NumbersOf(dissection->Frames()), dissection->FrameNumbers());
}

class CaptureDissectTest : public CaptureFixture {
 protected:
  // Returns a running capture that has the given number of packets.
  v1::Capture Begin(uint32_t packets) {
    const v1::Capture capture = client().Create(CaptureOf("lo"));
    Send(capture, {.count = packets});
    return capture;
  }

  // Sends packets numbered after those that the capture has.
  void Send(const v1::Capture& capture, const UdpTraffic& traffic) {
    SendUdp(traffic);
    client().WaitForPackets(capture.name(), traffic.first + traffic.count - 1);
  }

  std::unique_ptr<LiveDissection> Follow(const v1::DissectRequest& request) {
    return std::make_unique<LiveDissection>(channel(), request);
  }

  // Expects the end of a call that ends with the capture.
  void ExpectEnd(LiveDissection* dissection, uint32_t read, uint32_t sent) {
    const grpc::Status status = dissection->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    const v1::StreamEnd end = dissection->End();
    EXPECT_EQ(end.reason(), v1::END_REASON_END_OF_FILE) << end.DebugString();
    EXPECT_EQ(end.frames_read(), read);
    EXPECT_EQ(end.frames_sent(), sent);
  }
};

TEST_F(CaptureDissectTest, FollowsACaptureFromItsBeginning) {
  const v1::Capture capture = Begin(5);
  std::vector<std::unique_ptr<LiveDissection>> followers;
  followers.reserve(3);
  for (int i = 0; i < 3; ++i) followers.push_back(Follow(RequestFor(capture)));
  for (const auto& follower : followers) {
    follower->WaitForFrames(5);
    EXPECT_EQ(NumbersOf(follower->Frames()), Range(1, 5));
  }
  Send(capture, {.count = 1000, .first = 6, .payload_size = 700});
  for (const auto& follower : followers) follower->WaitForFrames(1005);
  client().Stop(capture.name());
  for (const auto& follower : followers) {
    ExpectEnd(follower.get(), 1005, 1005);
    EXPECT_EQ(NumbersOf(follower->Frames()), Range(1, 1005));
    EXPECT_EQ(follower->FrameNumbers(), Range(1, 1005));
    EXPECT_TRUE(follower->Lost().empty());
  }
}

TEST_F(CaptureDissectTest, FollowsACaptureFromNow) {
  const v1::Capture capture = Begin(5);
  v1::DissectRequest request = RequestFor(capture);
  request.mutable_live()->set_from_now(true);
  const auto follower = Follow(request);
  follower->WaitForHeader();
  Send(capture, {.count = 3, .first = 6});
  follower->WaitForFrames(3);
  client().Stop(capture.name());
  ExpectEnd(follower.get(), 8, 3);
  EXPECT_EQ(follower->FrameNumbers(), Range(6, 3));
  EXPECT_EQ(NumbersOf(follower->Frames()), Range(6, 3));
}

TEST_F(CaptureDissectTest, GoesOnAfterTheLastFrameThatWasSeen) {
  constexpr uint32_t kPackets = 1000;
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  std::thread traffic([] {
    SendUdp({.count = kPackets, .gap = std::chrono::milliseconds(1)});
  });
  std::vector<uint32_t> seen;
  std::vector<uint32_t> numbers;
  int calls = 0;
  while (seen.size() < kPackets && ++calls < 100) {
    v1::DissectRequest request = RequestFor(capture);
    request.mutable_view()->mutable_range()->set_first_frame(
        seen.empty() ? 1 : seen.back() + 1);
    const auto follower = Follow(request);
    follower->WaitForFrames(std::min<size_t>(150, kPackets - seen.size()));
    follower->Cancel();
    follower->Finish();
    for (const uint32_t frame : follower->FrameNumbers()) {
      seen.push_back(frame);
    }
    for (const uint32_t number : NumbersOf(follower->Frames())) {
      numbers.push_back(number);
    }
  }
  traffic.join();
  EXPECT_GT(calls, 1);
  EXPECT_EQ(seen, Range(1, kPackets));
  EXPECT_EQ(numbers, Range(1, kPackets));
}

TEST_F(CaptureDissectTest, AppliesFiltersAndSendsTrees) {
  const v1::Capture capture = Begin(5);
  v1::DissectRequest request = RequestFor(capture);
  request.mutable_view()->set_display_filter("udp.length == 108");
  request.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
  request.mutable_view()->set_labels(true);
  const auto follower = Follow(request);
  Send(capture, {.count = 3, .first = 6, .payload_size = 100});
  Send(capture, {.count = 3, .first = 9});
  follower->WaitForFrames(3);
  client().Stop(capture.name());
  ExpectEnd(follower.get(), 11, 3);
  EXPECT_EQ(follower->FrameNumbers(), Range(6, 3));
  for (const v1::PlainFrame& frame : follower->Frames()) {
    EXPECT_GT(frame.tree_size(), 30);
  }
}

TEST_F(CaptureDissectTest, ACaptureThatHasEndedIsDissectedAsOften) {
  const v1::Capture capture = Begin(20);
  client().Stop(capture.name());
  for (const bool from_now : {false, true}) {
    v1::DissectRequest request = RequestFor(capture);
    request.mutable_live()->set_from_now(from_now);
    const auto follower = Follow(request);
    ExpectEnd(follower.get(), 20, from_now ? 0 : 20);
    EXPECT_EQ(NumbersOf(follower->Frames()), Range(1, from_now ? 0 : 20));
  }
}

TEST_F(CaptureDissectTest, ACaptureWithoutPacketsHasNoFrames) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const auto follower = Follow(RequestFor(capture));
  follower->WaitForHeader();
  client().Stop(capture.name());
  ExpectEnd(follower.get(), 0, 0);
}

TEST_F(CaptureDissectTest, EndsAtItsLimitWhileTheCaptureGoesOn) {
  const v1::Capture capture = Begin(2);
  v1::DissectRequest limited = RequestFor(capture);
  limited.mutable_view()->mutable_range()->set_limit(3);
  v1::DissectRequest last = RequestFor(capture);
  last.mutable_view()->mutable_range()->set_last_frame(3);
  for (const v1::DissectRequest& request : {limited, last}) {
    const auto follower = Follow(request);
    follower->WaitForFrames(2);
    const uint64_t written = client().Get(capture.name()).packets_written();
    if (written < 3) Send(capture, {.first = 3});
    EXPECT_TRUE(follower->Finish().ok());
    EXPECT_EQ(follower->End().reason(), v1::END_REASON_LIMIT);
    EXPECT_EQ(follower->FrameNumbers(), Range(1, 3));
  }
}

TEST_F(CaptureDissectTest, APacketOnAnIdleInterfaceIsNotKeptBack) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const auto follower = Follow(RequestFor(capture));
  follower->WaitForHeader();
  for (uint32_t i = 1; i <= 3; ++i) {
    const auto sent = std::chrono::steady_clock::now();
    SendUdp({.first = i});
    follower->WaitForFrames(i);
    EXPECT_LT(std::chrono::steady_clock::now() - sent, std::chrono::seconds(2));
    EXPECT_EQ(NumbersOf(follower->Frames()), Range(1, i));
  }
}

TEST_F(CaptureDissectTest, GoesThroughTheFilesOfARing) {
  const v1::Capture capture = client().Create(Ring(10, 0));
  const auto follower = Follow(RequestFor(capture));
  for (uint32_t first = 1; first < 100; first += 7) {
    Send(capture, {.count = 7, .first = first});
    follower->WaitForFrames(first + 6);
  }
  EXPECT_EQ(client().Stop(capture.name()).file_count(), 11u);
  ExpectEnd(follower.get(), 105, 105);
  EXPECT_EQ(follower->FrameNumbers(), Range(1, 105));
  EXPECT_EQ(NumbersOf(follower->Frames()), Range(1, 105));
  const auto later = Follow(RequestFor(capture));
  ExpectEnd(later.get(), 105, 105);
  EXPECT_EQ(NumbersOf(later->Frames()), Range(1, 105));
}

TEST_F(CaptureDissectTest, TellsWhichFramesARingHasDeleted) {
  const v1::Capture capture = client().Create(Ring(10, 2));
  Send(capture, {.count = 45});
  client().Stop(capture.name());
  v1::DissectRequest request = RequestFor(capture);
  const auto all = Follow(request);
  ExpectEnd(all.get(), 45, 15);
  EXPECT_EQ(all->FrameNumbers(), Range(31, 15));
  ASSERT_EQ(all->Lost().size(), 1u);
  EXPECT_EQ(all->Lost()[0].first_frame(), 1u);
  EXPECT_EQ(all->Lost()[0].last_frame(), 30u);
  ExpectAllSentOrLost(all.get(), 45);
  request.mutable_view()->mutable_range()->set_first_frame(25);
  const auto some = Follow(request);
  ExpectEnd(some.get(), 45, 15);
  ASSERT_EQ(some->Lost().size(), 1u);
  EXPECT_EQ(some->Lost()[0].first_frame(), 25u);
  request.mutable_view()->mutable_range()->set_first_frame(35);
  const auto rest = Follow(request);
  ExpectEnd(rest.get(), 45, 11);
  EXPECT_EQ(rest->FrameNumbers(), Range(35, 11));
  EXPECT_TRUE(rest->Lost().empty());
}

// The ring deletes files before the dissection opens them.
TEST_F(CaptureDissectTest, ARingMayOvertakeThoseWhoFollowIt) {
  constexpr uint32_t kPackets = 6000;
  const v1::Capture capture = client().Create(Ring(2, 2));
  std::thread traffic([] {
    SendUdp({.count = kPackets, .gap = std::chrono::microseconds(300)});
  });
  std::vector<std::unique_ptr<LiveDissection>> followers;
  for (int i = 0; i < 12; ++i) {
    followers.push_back(Follow(RequestFor(capture)));
    followers.back()->WaitForHeader();
  }
  traffic.join();
  client().WaitForPackets(capture.name(), kPackets);
  client().Stop(capture.name());
  for (const auto& follower : followers) {
    const grpc::Status status = follower->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    ExpectAllSentOrLost(follower.get(), kPackets);
  }
}

TEST_F(CaptureDissectTest, StartsOverAfterANumberOfFrames) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  for (uint32_t first = 1; first <= 12; first += 3) {
    Send(capture, {.count = 3, .first = first});
  }
  v1::DissectRequest request = LiveDissection::RequestFor(capture.name());
  request.mutable_view()->add_fields("udp.stream");
  request.mutable_view()->add_fields("frame.time_relative");
  const auto whole = Follow(request);
  request.mutable_live()->set_reset_after_frames(6);
  const auto restarted = Follow(request);
  for (LiveDissection* follower : {whole.get(), restarted.get()}) {
    follower->WaitForFrames(12);
  }
  client().Stop(capture.name());
  ExpectEnd(whole.get(), 12, 12);
  ExpectEnd(restarted.get(), 12, 12);
  EXPECT_EQ(restarted->FrameNumbers(), Range(1, 12));
  const std::vector<v1::PlainFrame> frames = restarted->Frames();
  for (uint32_t i = 0; i < 12; ++i) {
    ASSERT_EQ(frames[i].fields_size(), 2);
    ASSERT_EQ(whole->Frames()[i].fields_size(), 2);
    EXPECT_EQ(whole->Frames()[i].fields(1).uint32_value(), i / 3) << i;
    EXPECT_EQ(frames[i].fields(1).uint32_value(), i / 3 % 2) << i;
    EXPECT_EQ(frames[i].fields(0).duration_value().SerializeAsString(),
              whole->Frames()[i].fields(0).duration_value().SerializeAsString())
        << "times are those since the first frame";
  }
}

TEST_F(CaptureDissectTest, StartsOverAfterAnAmountOfData) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  // Each send starts a conversation, which takes a quarter of a MiB.
  constexpr uint32_t kPacketsPerSend = 256;
  constexpr uint32_t kPackets = 8 * kPacketsPerSend;
  constexpr size_t kPayloadBytes = 1'000;
  for (uint32_t send = 0; send < 8; ++send) {
    Send(capture, {.count = kPacketsPerSend,
                   .first = 1 + send * kPacketsPerSend,
                   .payload_size = kPayloadBytes});
  }
  v1::DissectRequest request = LiveDissection::RequestFor(capture.name());
  request.mutable_view()->add_fields("udp.stream");
  request.mutable_live()->set_reset_after_mib(1);
  const auto follower = Follow(request);
  follower->WaitForFrames(kPackets);
  client().Stop(capture.name());
  const std::vector<v1::PlainFrame> frames = follower->Frames();
  ASSERT_EQ(frames.size(), size_t{kPackets});
  uint64_t most_bytes = 0;
  uint64_t bytes = 0;
  uint32_t resets = 0;
  std::vector<uint32_t> streams = {0};
  for (const v1::PlainFrame& frame : frames) {
    ASSERT_EQ(frame.fields_size(), 1);
    const uint32_t stream = frame.fields(0).uint32_value();
    if (stream < streams.back()) {
      ++resets;
      bytes = 0;
    }
    if (stream != streams.back()) streams.push_back(stream);
    bytes += frame.captured_length();
    most_bytes = std::max(most_bytes, bytes);
  }
  EXPECT_EQ(resets, 2u) << ::testing::PrintToString(streams);
  EXPECT_LT(most_bytes, uint64_t{3} << 19);
}

TEST_F(CaptureDissectTest, RefusesWhatCannotBeDone) {
  const v1::Capture capture = Begin(1);
  v1::DissectRequest two_pass = RequestFor(capture);
  two_pass.mutable_options()->set_two_pass(true);
  EXPECT_EQ(FailureOf(Follow(two_pass)->Finish()).reason(), "TWO_PASSES_LIVE");
  v1::DissectRequest format = RequestFor(capture);
  format.set_read_format("MIME Files Format");
  EXPECT_EQ(FailureOf(Follow(format)->Finish()).reason(), "READ_FORMAT_LIVE");
  v1::DissectRequest bad_filter = RequestFor(capture);
  bad_filter.mutable_view()->set_display_filter("no such filter");
  const grpc::Status status = Follow(bad_filter)->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(FailureOf(status).reason(), "DISPLAY_FILTER_INVALID");
  const grpc::Status unknown =
      Follow(LiveDissection::RequestFor("captures/none"))->Finish();
  EXPECT_EQ(unknown.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(FailureOf(unknown).reason(), "CAPTURE_NOT_FOUND");
}

}  // namespace
}  // namespace dissectd
