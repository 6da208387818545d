// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the packet list of a session.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "core/engine/testing/session_driver.h"
#include "core/engine/testing/session_fixture.h"

namespace dissectd::engine {
namespace {

TEST_F(SessionQuestionTest, ListsFramesInTheOrderOfTheRequest) {
  v1::View view;
  view.set_form(v1::FORM_PLAIN);
  view.mutable_columns()->set_use_profile_columns(true);
  const auto expected = Dissect(capture_, kHttp, view);
  v1::ListFramesRequest request;
  request.set_colors(true);
  const auto response =
      AskReader(ipc::Query::kListFrames, Selected("", {30, 4, 5}, request))
          .Only<v1::ListFramesResponse>();
  ASSERT_EQ(response.frames_size(), 3);
  EXPECT_EQ(response.columns_size(), response.frames(0).columns_size());
  const uint32_t order[] = {30, 4, 5};
  for (int i = 0; i < 3; ++i) {
    const v1::FrameSummary& line = response.frames(i);
    v1::PlainFrame frame;
    ASSERT_TRUE(frame.ParseFromString(expected.at(order[i])));
    EXPECT_EQ(line.number(), order[i]);
    EXPECT_EQ(line.original_length(), frame.original_length());
    EXPECT_EQ(
        std::vector<std::string>(line.columns().begin(), line.columns().end()),
        std::vector<std::string>(frame.columns().begin(),
                                 frame.columns().end()));
    // All frames of this capture match a rule.
    ASSERT_GT(line.coloring_rule(), 0u);
    const v1::ColoringRule& rule =
        response.coloring_rules(static_cast<int>(line.coloring_rule()) - 1);
    EXPECT_FALSE(rule.name().empty());
    EXPECT_FALSE(rule.filter().empty());
  }
}

TEST_F(SessionQuestionTest, SortsByTheNumbersOfAColumn) {
  v1::ListFramesRequest request;
  request.mutable_columns()->add_columns()->set_format("%L");
  request.set_sort_column(1);
  request.set_descending(true);
  const auto sorted =
      AskReader(ipc::Query::kSortFrames, Selected("", {}, request));
  ASSERT_TRUE(sorted.ok());
  std::vector<uint32_t> order(session_.read().frames());
  ASSERT_EQ(sorted.messages.at(0).size(), order.size() * sizeof(uint32_t));
  std::memcpy(order.data(), sorted.messages[0].data(),
              sorted.messages[0].size());
  std::map<uint32_t, uint32_t> lengths;
  for (const auto& [number, bytes] : Dissect(capture_, kHttp, FullView())) {
    v1::PlainFrame frame;
    ASSERT_TRUE(frame.ParseFromString(bytes));
    lengths[number] = frame.original_length();
  }
  std::vector<uint32_t> expected;
  expected.reserve(lengths.size());
  for (const auto& [number, length] : lengths) expected.push_back(number);
  std::stable_sort(
      expected.begin(), expected.end(),
      [&](uint32_t a, uint32_t b) { return lengths[a] > lengths[b]; });
  EXPECT_EQ(order, expected);
  request.set_sort_column(2);
  EXPECT_EQ(
      AskReader(ipc::Query::kSortFrames, Selected("", {}, request)).Reason(),
      "SORT_COLUMN_INVALID");
}

TEST_F(SessionQuestionTest, FindsFrames) {
  v1::FindFrameRequest search;
  search.set_display_filter("http.request");
  const uint32_t first = Find(search);
  ASSERT_GT(first, 0u);
  search.set_after_frame(first);
  const uint32_t second = Find(search);
  ASSERT_GT(second, first);
  search.set_after_frame(second);
  search.set_backward(true);
  EXPECT_EQ(Find(search), first);
  search.set_after_frame(first);
  EXPECT_EQ(Find(search), 0u);

  search = v1::FindFrameRequest();
  search.set_bytes("GET ");
  EXPECT_EQ(Find(search), first);
  search.set_text_in_columns("get ");
  EXPECT_EQ(Find(search), 0u);
  search.set_ignore_case(true);
  EXPECT_EQ(Find(search), first);
  search.set_text_in_details("hypertext transfer PROTOCOL");
  EXPECT_EQ(Find(search), first);
  search.set_within_display_filter("http.response");
  EXPECT_GT(Find(search), first);
  EXPECT_EQ(AskReader(ipc::Query::kFindFrame, "").Reason(), "SEARCH_MISSING");
}

}  // namespace
}  // namespace dissectd::engine
