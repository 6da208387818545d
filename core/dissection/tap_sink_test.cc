// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/tap_sink.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "core/dissection/file_dissection.h"
#include "core/dissection/testing/dissection_fixture.h"
#include "core/engine/testing/capture_builder.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {
namespace {

std::string FiveFrames() {
  CaptureBuilder capture;
  for (uint16_t port = 1; port <= 5; ++port) {
    capture.Add(UdpFrame(1000, port, "payload"));
  }
  return capture.bytes();
}

// Stores what it is told at the end.
class CountingSink final : public TapSink {
 public:
  CountingSink(std::optional<EndReason>* reason, uint32_t* frames_read)
      : reason_(reason), frames_read_(frames_read) {}

  absl::Status SendEnd(EndReason reason, const ProgressReport& totals,
                       const WtapError*, absl::string_view) override {
    *reason_ = reason;
    *frames_read_ = totals.frames_read;
    return absl::OkStatus();
  }

 private:
  std::optional<EndReason>* const reason_;
  uint32_t* const frames_read_;
};

// Dissects with one pass, or with two if the parameter is true.
class TapSinkTest : public DissectionTest,
                    public ::testing::WithParamInterface<bool> {
 protected:
  TapSinkTest() { request_.options.two_pass = GetParam(); }

  // Registers a listener of the tap `udp` that counts its calls.
  void Listen(const std::string& filter) {
    TapListener::Options options;
    options.tap = "udp";
    options.filter = filter;
    auto listener = TapListener::Register(
        options, [this](packet_info* packet, epan_dissect_t* edt, const void*) {
          ++calls_;
          last_frame_ = packet->num;
          had_tree_ |= edt->tree != nullptr;
        });
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
  }

  void Run() {
    CountingSink sink(&end_reason_, &frames_read_);
    auto dissection =
        FileDissection::Create(request_, Open(FiveFrames()), {epan(), &sink});
    ASSERT_TRUE(dissection.ok()) << dissection.status();
    ASSERT_TRUE((*dissection)->Run().ok());
  }

  DissectRequest request_;
  std::unique_ptr<TapListener> listener_;
  int calls_ = 0;
  uint32_t last_frame_ = 0;
  bool had_tree_ = false;
  std::optional<EndReason> end_reason_;
  uint32_t frames_read_ = 0;
};

TEST_P(TapSinkTest, ListenersHearOfEachFrameOnceWithoutATree) {
  Listen("");
  Run();
  EXPECT_EQ(calls_, 5);
  EXPECT_EQ(last_frame_, 5u);
  EXPECT_FALSE(had_tree_);
  EXPECT_EQ(end_reason_, EndReason::kEndOfFile);
  EXPECT_EQ(frames_read_, 5u);
}

TEST_P(TapSinkTest, AListenersFilterGetsTheTreeThatItNeeds) {
  Listen("udp.dstport >= 4");
  Run();
  EXPECT_EQ(calls_, 2);
  EXPECT_TRUE(had_tree_);
}

TEST_P(TapSinkTest, TheViewsFilterDoesNotRestrictListeners) {
  Listen("");
  request_.view.display_filter = "udp.dstport == 1";
  Run();
  EXPECT_EQ(calls_, 5);
}

TEST_P(TapSinkTest, AListenerThatIsGoneHearsNothing) {
  Listen("");
  listener_.reset();
  Run();
  EXPECT_EQ(calls_, 0);
  EXPECT_EQ(end_reason_, EndReason::kEndOfFile);
}

INSTANTIATE_TEST_SUITE_P(Passes, TapSinkTest, ::testing::Bool());

using TapListenerTest = DissectionTest;

TEST_F(TapListenerTest, RefusesUnknownTapsAndWrongFilters) {
  const auto nothing = [](packet_info*, epan_dissect_t*, const void*) {};
  EXPECT_TRUE(absl::IsNotFound(
      TapListener::Register({"no-such-tap", ""}, nothing).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      TapListener::Register({"udp", "udp."}, nothing).status()));
  const TapNeeds needs = NeedsOfTaps();
  EXPECT_FALSE(needs.tree);
}

}  // namespace
}  // namespace dissectd::engine
