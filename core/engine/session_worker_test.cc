// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the processes of a session, which are asked here as dissectd does.

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "core/engine/testing/engine_driver.h"
#include "core/engine/testing/session_driver.h"

namespace dissectd::engine {
namespace {

std::string ReadFile(const std::string& name) {
  std::ifstream file("tests/captures/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Everything that a view can have.
v1::View FullView() {
  v1::View view;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "tree: TREE_DETAIL_FULL labels: true bytes: BYTE_DETAIL_ALL_SOURCES "
      "form: FORM_PLAIN columns { use_profile_columns: true }",
      &view));
  return view;
}

std::string FrameRequest(uint32_t frame, const v1::View& view,
                         const std::string& bitmap = "") {
  v1::GetFrameRequest request;
  request.set_frame_number(frame);
  *request.mutable_view() = view;
  return Selected(bitmap, {}, request);
}

class SessionWorkerTest : public ::testing::Test {
 protected:
  // Returns the frames as Dissect sends them with two passes.
  std::map<uint32_t, std::string> Dissect(const std::string& capture,
                                          const std::string& name,
                                          const v1::View& view,
                                          const std::string& key_log = "") {
    v1::DissectRequest request;
    *request.mutable_view() = view;
    request.mutable_options()->set_two_pass(true);
    request.mutable_options()->set_tls_key_log(key_log);
    std::map<uint32_t, std::string> frames;
    for (const auto& message :
         reference_.Dissect(capture, request, name).messages) {
      for (const v1::PlainFrame& frame : message.plain_batch().frames()) {
        frames[frame.number()] = frame.SerializeAsString();
      }
    }
    return frames;
  }

  // Asks for every frame, in a shuffled order and from different processes, and
  // compares them with those of Dissect.
  void ExpectFramesOfDissect(const std::string& name,
                             const std::string& key_log = "") {
    SCOPED_TRACE(name);
    const std::string capture = ReadFile(name);
    const auto expected = Dissect(capture, name, FullView(), key_log);
    v1::OpenSessionRequest options;
    options.mutable_options()->set_tls_key_log(key_log);
    DrivenSession session(&engine_, capture, name, options);
    ASSERT_EQ(session.read().frames(), expected.size());
    ASSERT_FALSE(expected.empty());
    const auto checkpoints = MakeCheckpoints(&session);
    std::vector<uint32_t> order;
    for (const auto& [number, frame] : expected) order.push_back(number);
    std::shuffle(order.begin(), order.end(), std::mt19937(1));
    for (const uint32_t number : order) {
      const auto& checkpoint = *std::prev(checkpoints.lower_bound(number));
      const auto response =
          session
              .AskFork(checkpoint.second.get(), ipc::Query::kGetFrame,
                       FrameRequest(number, FullView()))
              .Only<v1::GetFrameResponse>();
      ASSERT_EQ(response.plain_batch().frames_size(), 1);
      EXPECT_EQ(response.plain_batch().frames(0).SerializeAsString(),
                expected.at(number))
          << "frame " << number;
      EXPECT_TRUE(response.displayed());
    }
  }

  // Returns processes that have skipped some frames, each a fork of the one
  // before.
  static std::map<uint32_t, std::unique_ptr<DrivenWorker>> MakeCheckpoints(
      DrivenSession* session) {
    constexpr uint32_t kInterval = 7;
    std::map<uint32_t, std::unique_ptr<DrivenWorker>> checkpoints;
    checkpoints[0] = session->Fork(session->reader());
    for (uint32_t frame = kInterval; frame < session->read().frames();
         frame += kInterval) {
      auto next = session->Fork(std::prev(checkpoints.end())->second.get());
      EXPECT_TRUE(Skip(next.get(), frame).ok());
      checkpoints[frame] = std::move(next);
    }
    return checkpoints;
  }

  // Ends of sessions don't come in between here.
  EngineDriver reference_;
  EngineDriver engine_;
};

TEST_F(SessionWorkerTest, FramesEqualThoseOfDissectInAnyOrder) {
  ExpectFramesOfDissect("http1.pcap.gz");
  ExpectFramesOfDissect("http1-tls.pcap", ReadFile("http1-tls.keys"));
  ExpectFramesOfDissect("dns.pcap");
  ExpectFramesOfDissect("icmp-fragments.pcap");
  ExpectFramesOfDissect("http2-tls-dsb.pcapng");
}

}  // namespace
}  // namespace dissectd::engine
