// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/view_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "core/dissection/capture_view.h"
#include "core/dissection/opened_capture.h"
#include "core/dissection/testing/dissection_fixture.h"
#include "core/dissection/view_pass.h"
#include "core/engine/testing/capture_builder.h"

namespace dissectd::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Returns six frames of UDP. Those with even numbers go to port 2000.
std::string SixFrames() {
  CaptureBuilder capture;
  for (int i = 1; i <= 6; ++i) {
    capture.Add(UdpFrame(1000, i % 2 == 0 ? 2000 : 3000, "payload"));
  }
  return capture.bytes();
}

// The view of a request, its sink, and its CaptureView.
struct TestView {
  explicit TestView(const std::string& filter, const FrameNeeds& needs = {})
      : sink(needs) {
    view.display_filter = filter;
    Compile();
  }
  void Compile() {
    auto created = CaptureView::Create(view, &sink);
    ASSERT_TRUE(created.ok()) << created.status();
    compiled.emplace(*std::move(created));
  }

  View view;
  RecordingSink sink;
  std::optional<CaptureView> compiled;
};

class ViewSetTest : public DissectionTest {
 protected:
  OpenedCapture* OpenCapture() {
    capture_.emplace(options_, nullptr, Open(SixFrames()), epan());
    return &*capture_;
  }

  // Shows all frames of the file to the views, in one pass.
  void ShowAll(std::initializer_list<TestView*> views) {
    OpenedCapture* capture = OpenCapture();
    FramePass pass(capture);
    ViewSet set(pass.kind(), &capture->dissector(), nullptr);
    for (TestView* view : views) set.Add(&*view->compiled);
    while (frame_data* frame = pass.Next()) {
      ASSERT_TRUE(set.Dissect(frame).ok());
    }
  }

  DissectionOptions options_;
  std::optional<OpenedCapture> capture_;
};

TEST_F(ViewSetTest, EachViewSeesItsOwnFramesBefore) {
  TestView all("");
  TestView even("udp.dstport == 2000");
  ShowAll({&all, &even});
  TestView all_alone("");
  ShowAll({&all_alone});
  TestView even_alone("udp.dstport == 2000");
  ShowAll({&even_alone});

  EXPECT_THAT(all.sink.Numbers(), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(even.sink.Numbers(), ElementsAre(2, 4, 6));
  EXPECT_EQ(even.sink.frames()[2].previous_displayed, 4u);
  EXPECT_EQ(all.sink.frames()[5].previous_displayed, 5u);
  EXPECT_EQ(even.sink.frames()[2].cumulative_bytes * 2,
            all.sink.frames()[5].cumulative_bytes);
  // The filter of one view needs a tree, which the other then has too.
  EXPECT_EQ(even.sink.frames(), even_alone.sink.frames());
  EXPECT_EQ(all.sink.Numbers(), all_alone.sink.Numbers());
}

TEST_F(ViewSetTest, AFrameHasATreeOnlyIfAViewNeedsIt) {
  TestView nothing("");
  ShowAll({&nothing});
  EXPECT_FALSE(nothing.sink.frames().front().has_tree);

  FrameNeeds needs;
  needs.tree = true;
  TestView tree("", needs);
  ShowAll({&nothing, &tree});
  EXPECT_TRUE(tree.sink.frames().front().has_tree);
}

TEST_F(ViewSetTest, ViewsComeAndGoBetweenFrames) {
  TestView first("");
  TestView second("udp");
  OpenedCapture* capture = OpenCapture();
  FramePass pass(capture);
  ViewSet set(pass.kind(), &capture->dissector(), nullptr);
  set.Add(&*first.compiled);
  ASSERT_TRUE(set.Dissect(pass.Next()).ok());
  set.Add(&*second.compiled);
  ASSERT_TRUE(set.Dissect(pass.Next()).ok());
  set.Remove(&*first.compiled);
  ASSERT_TRUE(set.Dissect(pass.Next()).ok());
  EXPECT_THAT(first.sink.Numbers(), ElementsAre(1, 2));
  EXPECT_THAT(second.sink.Numbers(), ElementsAre(2, 3));
}

TEST_F(ViewSetTest, ReplayedFramesAreCountedAndRememberedButNotSent) {
  TestView even("udp.dstport == 2000");
  OpenedCapture* capture = OpenCapture();
  ASSERT_TRUE(
      capture->RunFirstPass(nullptr, [] { return absl::OkStatus(); }).ok());
  FramePass pass(capture);
  ViewSet set(pass.kind(), &capture->dissector(), nullptr);
  set.Add(&*even.compiled);
  for (int i = 0; i < 5; ++i) set.Replay(pass.Next());
  EXPECT_THAT(even.sink.frames(), IsEmpty());
  EXPECT_EQ(even.compiled->frames_sent(), 2u);
  ASSERT_TRUE(set.Dissect(pass.Next()).ok());

  TestView whole("udp.dstport == 2000");
  ShowAll({&whole});
  ASSERT_EQ(even.sink.frames().size(), 1u);
  EXPECT_EQ(even.sink.frames()[0], whole.sink.frames()[2]);
}

TEST_F(ViewSetTest, ManyViewsFollowOneOpening) {
  OpenedCapture* capture = OpenCapture();
  ASSERT_TRUE(
      capture->RunFirstPass(nullptr, [] { return absl::OkStatus(); }).ok());
  EXPECT_EQ(capture->frames_kept(), 6u);

  TestView even("udp.dstport == 2000");
  EXPECT_TRUE(
      ViewPass(capture, &*even.compiled, /*columns=*/nullptr).Run().ok());
  TestView odd("udp.dstport == 3000");
  odd.view.range.first = 2;
  odd.view.range.limit = 1;
  EXPECT_TRUE(
      ViewPass(capture, &*odd.compiled, /*columns=*/nullptr).Run().ok());
  TestView beginning("");
  beginning.view.range.last = 2;
  EXPECT_TRUE(
      ViewPass(capture, &*beginning.compiled, /*columns=*/nullptr).Run().ok());

  EXPECT_THAT(even.sink.Numbers(), ElementsAre(2, 4, 6));
  EXPECT_THAT(odd.sink.Numbers(), ElementsAre(3));
  EXPECT_THAT(beginning.sink.Numbers(), ElementsAre(1, 2));
}

}  // namespace
}  // namespace dissectd::engine
