// SPDX-License-Identifier: GPL-2.0-or-later

// Tests which clients of a capture share a worker.

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/decoding/plain_frames.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using std::chrono::milliseconds;
using Followers = std::vector<std::unique_ptr<LiveDissection>>;

// Returns a request for values that depend on the frames the client was shown
// before, and for values that do not.
v1::DissectRequest RequestFor(const v1::Capture& capture,
                              const std::string& filter) {
  v1::DissectRequest request = LiveDissection::RequestFor(capture.name());
  v1::View* view = request.mutable_view();
  view->set_display_filter(filter);
  // The columns are number, time since the previous displayed frame, cumulative
  // bytes, and information.
  for (const char* format : {"%m", "%Gt", "%B", "%i"}) {
    view->mutable_columns()->add_columns()->set_format(format);
  }
  view->add_fields("frame.time_delta_displayed");
  view->add_fields("udp.length");
  return request;
}

// Fails the test if a node template, a field or a string is used before it is
// defined.
void ExpectDefined(const std::vector<v1::DissectResponse>& messages) {
  std::set<uint32_t> defined;
  for (const v1::DissectResponse& message : messages) {
    const v1::FrameBatch& batch = message.batch();
    for (const v1::FieldDefinition& field : batch.fields()) {
      defined.insert(field.id());
    }
    for (const v1::NodeTemplate& node : batch.node_templates()) {
      EXPECT_EQ(defined.count(node.field_id()), 1u);
    }
    for (const v1::Frame& frame : batch.frames()) {
      for (const v1::NodeList& nodes : {frame.fields(), frame.tree()}) {
        for (const uint32_t index : nodes.template_indexes()) {
          EXPECT_LT(static_cast<int>(index), batch.node_templates_size());
        }
        for (const uint32_t index : nodes.label_indexes()) {
          EXPECT_LT(static_cast<int>(index), batch.strings_size());
        }
      }
    }
  }
}

// Returns the frames as text.
std::vector<std::string> FramesOf(
    const std::vector<v1::DissectResponse>& messages) {
  ExpectDefined(messages);
  std::vector<std::string> frames;
  for (const v1::PlainFrame& frame : PlainFrames(messages)) {
    frames.push_back(frame.ShortDebugString());
  }
  return frames;
}

void ExpectSameFrames(const std::vector<std::string>& frames,
                      const std::vector<std::string>& expected) {
  EXPECT_EQ(frames.size(), expected.size());
  for (size_t i = 0; i < std::min(frames.size(), expected.size()); ++i) {
    ASSERT_EQ(frames[i], expected[i]) << "frame " << i;
  }
}

class CaptureSharingTest : public CaptureFixture {
 protected:
  void TearDown() override {
    if (IsSkipped()) return;
    for (const v1::Capture& capture : client().List()) {
      client().Stop(capture.name());
    }
    ExpectServing(daemon());
  }

  std::unique_ptr<LiveDissection> Follow(const v1::DissectRequest& request) {
    return std::make_unique<LiveDissection>(channel(), request);
  }

  void Send(const v1::Capture& capture, const UdpTraffic& traffic) {
    SendUdp(traffic);
    client().WaitForPackets(capture.name(), traffic.first + traffic.count - 1);
  }

  void WaitForWorkers(size_t count) {
    WaitFor("workers to become one",
            [&] { return daemon().WorkerPids().size() == count; });
  }

  // Returns what the same view shows of the file of an ended capture.
  std::vector<std::string> FramesOfFile(const v1::Capture& ended,
                                        v1::DissectRequest request) {
    request.set_file(ended.current_file().file());
    const DissectionResult result = Dissect(channel(), request);
    EXPECT_TRUE(result.status.ok()) << result.status.error_message();
    return FramesOf(result.messages);
  }

  void ExpectSameAsFile(const v1::Capture& ended,
                        const v1::DissectRequest& request,
                        LiveDissection* follower) {
    const grpc::Status status = follower->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    const std::vector<std::string> frames = FramesOf(follower->Messages());
    ExpectSameFrames(frames, FramesOfFile(ended, request));
    const v1::StreamEnd end = follower->End();
    EXPECT_EQ(end.reason(), v1::END_REASON_END_OF_FILE);
    EXPECT_EQ(end.frames_sent(), frames.size());
    EXPECT_EQ(end.frames_read(), ended.packets_written());
    for (const v1::DissectResponse& message : follower->Messages()) {
      EXPECT_LE(message.progress().frames_sent(), frames.size());
    }
  }
};

TEST_F(CaptureSharingTest, OneWorkerServesManyFilters) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  std::vector<v1::DissectRequest> requests;
  requests.reserve(20);
  for (int i = 0; i < 20; ++i) {
    // Adds two requests of each kind.
    requests.push_back(RequestFor(
        capture, "udp.length >= " + std::to_string(40 + i / 2 * 10)));
  }
  Followers followers;
  followers.reserve(requests.size());
  for (const v1::DissectRequest& request : requests) {
    followers.push_back(Follow(request));
  }
  for (const auto& follower : followers) follower->WaitForHeader();
  EXPECT_EQ(daemon().WorkerPids().size(), 1u);
  for (uint32_t i = 0; i < 100; ++i) {
    SendUdp({.first = i + 1, .payload_size = 32 + i * 37 % 120});
  }
  client().WaitForPackets(capture.name(), 100);
  EXPECT_EQ(daemon().WorkerPids().size(), 1u);
  const v1::Capture ended = client().Stop(capture.name());
  for (size_t i = 0; i < requests.size(); ++i) {
    ExpectSameAsFile(ended, requests[i], followers[i].get());
  }
}

TEST_F(CaptureSharingTest, TheSameViewWithTreesIsSharedToo) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  v1::DissectRequest all = RequestFor(capture, "");
  all.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
  all.mutable_view()->set_labels(true);
  all.mutable_view()->clear_columns();
  v1::DissectRequest odd = all;
  odd.mutable_view()->set_display_filter(
      "frame.number & 1 && (frame.time_delta_displayed >= 0 || udp)");
  Followers followers;
  for (const v1::DissectRequest& request : {all, odd, all, odd}) {
    followers.push_back(Follow(request));
    followers.back()->WaitForHeader();
  }
  EXPECT_EQ(daemon().WorkerPids().size(), 1u);
  Send(capture, {.count = 50, .gap = milliseconds(2)});
  const v1::Capture ended = client().Stop(capture.name());
  ExpectSameAsFile(ended, all, followers[0].get());
  ExpectSameAsFile(ended, odd, followers[1].get());
  ExpectSameAsFile(ended, all, followers[2].get());
  ExpectSameAsFile(ended, odd, followers[3].get());
}

TEST_F(CaptureSharingTest, ALateClientCatchesUpAndJoins) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  std::vector<v1::DissectRequest> requests = {
      RequestFor(capture, "frame.number % 2 == 1"),
      RequestFor(capture, "frame.number % 3 == 0"),
      RequestFor(capture, "frame.number % 2 == 1"),
      RequestFor(capture, "frame.number > 10"),
  };
  Followers followers;
  uint32_t sent = 0;
  for (const v1::DissectRequest& request : requests) {
    Send(capture, {.count = 25, .first = sent + 1, .gap = milliseconds(1)});
    sent += 25;
    followers.push_back(Follow(request));
    followers.back()->WaitForFrames(sent / 3 - 1);
    WaitForWorkers(1);
  }
  Send(capture, {.count = 25, .first = sent + 1, .gap = milliseconds(1)});
  EXPECT_EQ(daemon().WorkerPids().size(), 1u);
  const v1::Capture ended = client().Stop(capture.name());
  for (size_t i = 0; i < requests.size(); ++i) {
    ExpectSameAsFile(ended, requests[i], followers[i].get());
  }
}

TEST_F(CaptureSharingTest, ManyJoinWhileTrafficGoesOn) {
  constexpr uint32_t kPackets = 5000;
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  std::thread traffic([] {
    SendUdp({.count = kPackets, .gap = std::chrono::microseconds(500)});
  });
  std::vector<v1::DissectRequest> requests;
  Followers followers;
  for (uint32_t i = 0; i < 12; ++i) {
    const uint32_t every = 1 + i % 4;
    requests.push_back(RequestFor(
        capture, "frame.number % " + std::to_string(every) + " == 0"));
    followers.push_back(Follow(requests.back()));
    followers.back()->WaitForFrames(10);
  }
  traffic.join();
  client().WaitForPackets(capture.name(), kPackets);
  for (size_t i = 0; i < requests.size(); ++i) {
    followers[i]->WaitForFrames(kPackets / (1 + i % 4));
  }
  WaitForWorkers(1);
  const v1::Capture ended = client().Stop(capture.name());
  for (size_t i = 0; i < requests.size(); ++i) {
    ExpectSameAsFile(ended, requests[i], followers[i].get());
  }
}

TEST_F(CaptureSharingTest, FromNowNothingIsDissectedAgain) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const v1::DissectRequest whole = RequestFor(capture, "udp");
  const auto first = Follow(whole);
  Send(capture, {.count = 30, .gap = milliseconds(1)});
  first->WaitForFrames(30);
  v1::DissectRequest from_now = whole;
  from_now.mutable_live()->set_from_now(true);
  const auto second = Follow(from_now);
  second->WaitForHeader();
  EXPECT_EQ(daemon().WorkerPids().size(), 1u);
  // This stream starts at a later frame, which the worker must reach first.
  v1::DissectRequest later = whole;
  later.mutable_view()->mutable_range()->set_first_frame(41);
  Send(capture, {.count = 20, .first = 31, .gap = milliseconds(1)});
  const auto third = Follow(later);
  const v1::Capture ended = client().Stop(capture.name());
  ExpectSameAsFile(ended, whole, first.get());
  v1::DissectRequest rest = whole;
  rest.mutable_view()->mutable_range()->set_first_frame(31);
  ExpectSameAsFile(ended, rest, second.get());
  ExpectSameAsFile(ended, later, third.get());
}

TEST_F(CaptureSharingTest, ALimitEndsOneAndNotTheOther) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const v1::DissectRequest whole = RequestFor(capture, "udp");
  v1::DissectRequest limited = whole;
  limited.mutable_view()->mutable_range()->set_limit(7);
  const auto unlimited = Follow(whole);
  const auto joins_at_once = Follow(limited);
  joins_at_once->WaitForHeader();
  Send(capture, {.count = 5});
  unlimited->WaitForFrames(5);
  const auto joins_later = Follow(limited);
  joins_later->WaitForFrames(5);
  WaitForWorkers(1);
  Send(capture, {.count = 5, .first = 6});
  for (LiveDissection* follower : {joins_at_once.get(), joins_later.get()}) {
    EXPECT_TRUE(follower->Finish().ok());
    EXPECT_EQ(follower->End().reason(), v1::END_REASON_LIMIT);
    EXPECT_EQ(follower->End().frames_sent(), 7u);
    EXPECT_EQ(follower->FrameNumbers(), Range(1, 7));
  }
  unlimited->WaitForFrames(10);
  ExpectSameAsFile(client().Stop(capture.name()), whole, unlimited.get());
}

TEST_F(CaptureSharingTest, OthersPreferencesAreAnotherWorker) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const v1::DissectRequest plain = RequestFor(capture, "udp");
  v1::DissectRequest with_preference = plain;
  v1::PreferenceSetting* preference =
      with_preference.mutable_options()->add_preferences();
  preference->set_name("ip.use_geoip");
  preference->set_value("FALSE");
  v1::DissectRequest other_columns = plain;
  other_columns.mutable_view()->clear_columns();
  v1::DissectRequest no_tree = other_columns;
  no_tree.mutable_view()->clear_display_filter();
  no_tree.mutable_view()->clear_fields();
  v1::DissectRequest reset = plain;
  reset.mutable_live()->set_reset_after_frames(3);
  Followers followers;
  for (const v1::DissectRequest& request :
       {plain, with_preference, other_columns, no_tree, reset}) {
    followers.push_back(Follow(request));
    followers.back()->WaitForHeader();
    EXPECT_EQ(daemon().WorkerPids().size(), followers.size());
  }
  Send(capture, {.count = 10});
  for (const auto& follower : followers) {
    follower->WaitForFrames(10);
    EXPECT_EQ(follower->FrameNumbers(), Range(1, 10));
  }
  EXPECT_EQ(daemon().WorkerPids().size(), followers.size());
}

TEST_F(CaptureSharingTest, ABadViewHarmsNobodyElse) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const v1::DissectRequest good = RequestFor(capture, "udp");
  const auto follower = Follow(good);
  follower->WaitForHeader();
  EXPECT_EQ(
      FailureOf(Follow(RequestFor(capture, "no such"))->Finish()).reason(),
      "DISPLAY_FILTER_INVALID");
  v1::DissectRequest bad_field = good;
  bad_field.mutable_view()->add_fields("no.such.field");
  EXPECT_EQ(FailureOf(Follow(bad_field)->Finish()).reason(), "FIELD_UNKNOWN");
  Send(capture, {.count = 5});
  ExpectSameAsFile(client().Stop(capture.name()), good, follower.get());
}

TEST_F(CaptureSharingTest, ASlowReaderIsLeftBehindAndLosesNothing) {
  constexpr uint32_t kPackets = 20'000;
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  v1::DissectRequest request = LiveDissection::RequestFor(capture.name());
  request.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
  request.mutable_view()->set_labels(true);
  request.mutable_view()->set_bytes(v1::BYTE_DETAIL_FRAME);
  Dissection slow(daemon().Connect(), request);
  std::vector<v1::DissectResponse> messages(1);
  ASSERT_TRUE(slow.Next(&messages[0]));
  const auto fast = Follow(request);
  fast->WaitForHeader();
  EXPECT_EQ(daemon().WorkerPids().size(), 1u);
  Send(capture, {.count = kPackets, .gap = std::chrono::microseconds(50)});
  fast->WaitForFrames(kPackets);
  client().Stop(capture.name());
  EXPECT_TRUE(fast->Finish().ok());
  EXPECT_EQ(fast->FrameNumbers(), Range(1, kPackets));
  v1::DissectResponse message;
  while (slow.Next(&message)) messages.push_back(message);
  EXPECT_TRUE(slow.Finish().ok());
  EXPECT_EQ(messages.back().end().frames_sent(), kPackets);
  ExpectSameFrames(FramesOf(messages), FramesOf(fast->Messages()));
}

// A slow filter must not delay other clients.
TEST_F(CaptureSharingTest, ASlowFilterIsGivenAWorkerOfItsOwn) {
  constexpr uint32_t kPackets = 500;
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const v1::DissectRequest quick = RequestFor(capture, "udp");
  // The regular expression tries all ways to divide the bytes; none matches.
  const v1::DissectRequest slow =
      RequestFor(capture, "udp.payload matches \"(.*.*.*[x-z][x-z])$\"");
  const auto quick_one = Follow(quick);
  const auto slow_one = Follow(slow);
  quick_one->WaitForHeader();
  slow_one->WaitForHeader();
  WaitForWorkers(1);
  Send(capture, {.count = kPackets, .payload_size = 100});
  quick_one->WaitForFrames(kPackets);
  WaitForWorkers(2);
  const v1::Capture ended = client().Stop(capture.name());
  ExpectSameAsFile(ended, quick, quick_one.get());
  ExpectSameAsFile(ended, slow, slow_one.get());
}

TEST_F(CaptureSharingTest, ACrashIsToldToAll) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  Followers followers;
  for (int i = 0; i < 3; ++i) {
    followers.push_back(Follow(RequestFor(capture, "udp")));
    followers.back()->WaitForHeader();
  }
  const std::vector<pid_t> workers = daemon().WorkerPids();
  ASSERT_EQ(workers.size(), 1u);
  kill(workers[0], SIGKILL);
  for (const auto& follower : followers) {
    const grpc::Status status = follower->Finish();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_EQ(FailureOf(status).reason(), "WORKER_CRASHED");
    ASSERT_FALSE(follower->Messages().empty());
    EXPECT_EQ(follower->Messages().back().crash().signal(), SIGKILL);
  }
}

// A worker that hangs delays no other worker, and a client that was about to
// join it is not lost.
TEST_F(CaptureSharingTest, AWorkerThatHangsHoldsNobodyUp) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const auto first = Follow(RequestFor(capture, "udp"));
  Send(capture, {.count = 10});
  first->WaitForFrames(10);
  const std::vector<pid_t> workers = daemon().WorkerPids();
  ASSERT_EQ(workers.size(), 1u);
  kill(workers[0], SIGSTOP);
  const auto second = Follow(RequestFor(capture, "udp && udp"));
  second->WaitForFrames(10);
  Send(capture, {.count = 10, .first = 11});
  second->WaitForFrames(20);
  kill(workers[0], SIGCONT);
  first->WaitForFrames(20);
  EXPECT_EQ(first->FrameNumbers(), Range(1, 20));
  EXPECT_EQ(second->FrameNumbers(), Range(1, 20));
}

}  // namespace
}  // namespace dissectd
