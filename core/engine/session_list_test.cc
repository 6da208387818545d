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
#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"

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
  const uint32_t last = session_.read().frames();
  v1::FindFrameRequest search;
  search.set_bytes("GET ");
  const uint32_t first = Find(search, 1, last);
  ASSERT_GT(first, 0u);
  const uint32_t second = Find(search, first + 1, last);
  ASSERT_GT(second, first);
  search.set_backward(true);
  EXPECT_EQ(Find(search, 1, second - 1), first);
  EXPECT_EQ(Find(search, 1, first - 1), 0u);

  search.set_backward(false);
  search.set_text_in_columns("get ");
  EXPECT_EQ(Find(search, 1, last), 0u);
  search.set_ignore_case(true);
  EXPECT_EQ(Find(search, 1, last), first);
  search.set_text_in_details("hypertext transfer PROTOCOL");
  EXPECT_EQ(Find(search, 1, last), first);
  search.set_within_display_filter("http.response");
  EXPECT_GT(Find(search, 1, last), first);
  const std::string nothing = Selected("", {}, v1::FindFrameRequest()) +
                              std::string(sizeof(ipc::SearchedFrames), '\0');
  EXPECT_EQ(AskReader(ipc::Query::kFindFrame, nothing).Reason(),
            "SEARCH_MISSING");
}

TEST_F(SessionQuestionTest, FindsFramesFromACheckpoint) {
  const uint32_t last = session_.read().frames();
  v1::FindFrameRequest search;
  search.set_text_in_details("Hypertext Transfer Protocol");
  const uint32_t first = Find(search, 12, last);
  ASSERT_GT(first, 0u);
  const auto checkpoint = session_.Fork(session_.reader());
  ASSERT_TRUE(Skip(checkpoint.get(), 11).ok());
  const ipc::SearchedFrames searched = {12, last};
  const auto found = session_
                         .AskFork(checkpoint.get(), ipc::Query::kFindFrame,
                                  Selected("", {}, v1::FindFrameRequest()) +
                                      std::string(ipc::BytesOf(searched)) +
                                      search.SerializeAsString())
                         .Only<v1::FindFrameResponse>();
  EXPECT_EQ(found.frame_number(), first);
}

}  // namespace
}  // namespace dissectd::engine
