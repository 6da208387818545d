// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/packet_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ipc/query.h"
#include "dissectd/v1/session.pb.h"

namespace dissectd::server {
namespace {

using ::testing::ElementsAre;

std::vector<uint32_t> NumbersOf(const v1::ListFramesResponse& page) {
  std::vector<uint32_t> numbers;
  for (const v1::FrameSummary& line : page.frames()) {
    numbers.push_back(line.number());
  }
  return numbers;
}

std::vector<uint32_t> RulesOf(const v1::ListFramesResponse& page) {
  std::vector<uint32_t> rules;
  for (const v1::FrameSummary& line : page.frames()) {
    rules.push_back(line.coloring_rule());
  }
  return rules;
}

bool AddHeader(PacketList* list) {
  v1::ListFramesResponse header;
  header.add_columns()->set_title("Info");
  for (const char* name : {"one", "two", "three"}) {
    header.add_coloring_rules()->set_name(name);
  }
  return list->Add({ipc::ListPart::kHeader, 0, 0, 0},
                   header.SerializeAsString());
}

// Adds lines of frames of a range.
bool Add(PacketList* list, uint32_t first, uint32_t last,
         const v1::ListFramesResponse& lines) {
  const std::string bytes = lines.SerializeAsString();
  uLongf size = compressBound(bytes.size());
  std::string compressed(size, '\0');
  EXPECT_EQ(
      compress(reinterpret_cast<Bytef*>(compressed.data()), &size,
               reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()),
      Z_OK);
  compressed.resize(size);
  return list->Add(
      {ipc::ListPart::kLines, first, last, static_cast<uint32_t>(bytes.size())},
      compressed);
}

// Adds lines of every second frame of a range, which have the rules 3, 2, 1, 0,
// 3 and so on.
bool AddLines(PacketList* list, uint32_t first, uint32_t last) {
  v1::ListFramesResponse lines;
  for (uint32_t frame = first + first % 2; frame <= last; frame += 2) {
    v1::FrameSummary* const line = lines.add_frames();
    line->set_number(frame);
    line->set_coloring_rule(3 - frame / 2 % 4);
  }
  return Add(list, first, last, lines);
}

class PacketListTest : public ::testing::Test {
 protected:
  static constexpr size_t kMaxBytes = size_t{1} << 20;

  PacketList list_{kMaxBytes};
};

TEST_F(PacketListTest, HasWhatWasAdded) {
  EXPECT_FALSE(list_.Has({}));
  ASSERT_TRUE(AddHeader(&list_));
  EXPECT_TRUE(list_.Has({}));
  EXPECT_FALSE(list_.Has({1}));
  ASSERT_TRUE(AddLines(&list_, 1, 100));
  ASSERT_TRUE(AddLines(&list_, 101, 150));
  EXPECT_TRUE(list_.Has({2, 150}));
  EXPECT_FALSE(list_.Has({2, 152}));
  const std::optional<v1::ListFramesResponse> page =
      list_.Page({100, 2, 102, 150});
  ASSERT_TRUE(page.has_value());
  EXPECT_THAT(NumbersOf(*page), ElementsAre(100, 2, 102, 150));
  EXPECT_EQ(page->columns(0).title(), "Info");
  // Frame 3 doesn't pass the filter.
  EXPECT_FALSE(list_.Page({3}).has_value());
}

TEST_F(PacketListTest, NumbersTheRulesOfAPage) {
  ASSERT_TRUE(AddHeader(&list_));
  ASSERT_TRUE(AddLines(&list_, 1, 8));
  // These have the rules 0, 1, 1 and 2 of the list.
  const std::optional<v1::ListFramesResponse> page = list_.Page({6, 4, 4, 2});
  ASSERT_TRUE(page.has_value());
  EXPECT_THAT(RulesOf(*page), ElementsAre(0, 2, 2, 1));
  ASSERT_EQ(page->coloring_rules_size(), 2);
  EXPECT_EQ(page->coloring_rules(0).name(), "two");
  EXPECT_EQ(page->coloring_rules(1).name(), "one");
}

TEST_F(PacketListTest, KeepsNoMoreThanItsLimit) {
  PacketList small(1);
  ASSERT_TRUE(AddHeader(&small));
  EXPECT_FALSE(small.is_full());
  ASSERT_TRUE(AddLines(&small, 1, 10));
  EXPECT_TRUE(small.is_full());
  const size_t bytes = small.bytes();
  EXPECT_GT(bytes, 0u);
  EXPECT_TRUE(AddLines(&small, 11, 20));
  EXPECT_EQ(small.bytes(), bytes);
  EXPECT_TRUE(small.Has({10}));
  EXPECT_FALSE(small.Has({12}));
}

TEST_F(PacketListTest, EndsPagesThatAreLong) {
  ASSERT_TRUE(AddHeader(&list_));
  v1::ListFramesResponse lines;
  for (uint32_t frame = 1; frame <= 5; ++frame) {
    v1::FrameSummary* const line = lines.add_frames();
    line->set_number(frame);
    line->add_columns(std::string(2 << 20, 'x'));
  }
  ASSERT_TRUE(Add(&list_, 1, 5, lines));
  const std::optional<v1::ListFramesResponse> page =
      list_.Page({5, 4, 3, 2, 1});
  ASSERT_TRUE(page.has_value());
  EXPECT_THAT(NumbersOf(*page), ElementsAre(5, 4, 3));
}

TEST_F(PacketListTest, RefusesWhatIsMalformed) {
  ASSERT_TRUE(AddHeader(&list_));
  EXPECT_FALSE(AddLines(&list_, 2, 10));
  EXPECT_FALSE(list_.Add({ipc::ListPart::kBits, 0, 0, 0}, "x"));
  EXPECT_FALSE(list_.Add({ipc::ListPart::kLines, 1, 10, 1U << 30}, "x"));
  ASSERT_TRUE(list_.Add({ipc::ListPart::kLines, 1, 10, 8}, "no zlib data"));
  EXPECT_FALSE(list_.Page({2}).has_value());
}

TEST_F(PacketListTest, BeginsAgain) {
  ASSERT_TRUE(AddHeader(&list_));
  ASSERT_TRUE(AddLines(&list_, 1, 10));
  list_.Clear();
  EXPECT_EQ(list_.bytes(), 0u);
  EXPECT_FALSE(list_.Has({2}));
  ASSERT_TRUE(AddHeader(&list_));
  EXPECT_TRUE(AddLines(&list_, 1, 4));
}

}  // namespace
}  // namespace dissectd::server
