// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/string_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/dissection.pb.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {
namespace {

using ::testing::ElementsAre;

v1::FrameBatch Encoded(const StringTable& table) {
  v1::FrameBatch batch;
  EXPECT_TRUE(batch.ParseFromString(
      absl::StrCat(table.strings(), table.raw_strings())));
  return batch;
}

TEST(StringTableTest, KeepsEachStringOnce) {
  StringTable table(schema::FrameBatch::kStrings,
                    schema::FrameBatch::kRawStrings);
  EXPECT_EQ(table.Add(""), 0u);
  EXPECT_EQ(table.Add("one"), 1u);
  EXPECT_EQ(table.Add("two"), 2u);
  EXPECT_EQ(table.Add("one"), 1u);
  EXPECT_THAT(Encoded(table).strings(), ElementsAre("", "one", "two"));
}

TEST(StringTableTest, KeepsExactBytesOfInvalidText) {
  StringTable table(schema::FrameBatch::kStrings,
                    schema::FrameBatch::kRawStrings);
  const std::string invalid("a\xff\0b", 4);
  const uint32_t index = table.Add(invalid);
  const v1::FrameBatch batch = Encoded(table);
  EXPECT_EQ(batch.strings(static_cast<int>(index)),
            std::string("a\xef\xbf\xbd\0b", 6));
  ASSERT_EQ(batch.raw_strings_size(), 1);
  EXPECT_EQ(batch.raw_strings(0).index(), index);
  EXPECT_EQ(batch.raw_strings(0).value(), invalid);
}

TEST(StringTableTest, StartsAnewAfterClear) {
  StringTable table(schema::FrameBatch::kStrings,
                    schema::FrameBatch::kRawStrings);
  for (int i = 0; i < 1000; ++i) table.Add(std::to_string(i));
  table.Clear();
  EXPECT_EQ(table.Add("x"), 1u);
  EXPECT_THAT(Encoded(table).strings(), ElementsAre("", "x"));
}

TEST(StringTableTest, KeepsByteStringsAsTheyAre) {
  StringTable table(schema::FrameBatch::kByteStrings);
  const std::string invalid("\xff\0", 2);
  EXPECT_EQ(table.Add(invalid), 1u);
  EXPECT_EQ(table.Add(""), 0u);
  EXPECT_EQ(table.Add(invalid), 1u);
  EXPECT_TRUE(table.raw_strings().empty());
  EXPECT_THAT(Encoded(table).byte_strings(), ElementsAre("", invalid));
}

}  // namespace
}  // namespace dissectd::engine
